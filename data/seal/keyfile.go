package seal

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
)

const (
	pemType    = "PRIVATE KEY"
	maxKeyFile = 16 << 10
)

// saveKey writes a private key so that a crash leaves the old file or the new.
func saveKey(path string, key any) error {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return fileError("seal.key_save", path, err)
	}
	defer clear(der)
	tmp, err := os.CreateTemp(filepath.Dir(path), ".key-*") // mode 0600
	if err != nil {
		return fileError("seal.key_save", path, err)
	}
	defer func() { _ = os.Remove(tmp.Name()) }() // gone already after the rename
	err = pem.Encode(tmp, &pem.Block{Type: pemType, Bytes: der})
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err == nil {
		err = syncDir(filepath.Dir(path))
	}
	if err != nil {
		return fileError("seal.key_save", path, err)
	}
	return nil
}

func loadKey(path string) (any, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fileError("seal.key_file", path, err)
	}
	defer func() { _ = f.Close() }() // only read
	info, err := f.Stat()
	if err != nil {
		return nil, fileError("seal.key_file", path, err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return nil, fileError("seal.key_file_shared", path, fmt.Errorf("mode %v", info.Mode().Perm()))
	}
	raw, err := io.ReadAll(io.LimitReader(f, maxKeyFile))
	if err != nil {
		return nil, fileError("seal.key_file", path, err)
	}
	defer clear(raw)
	block, _ := pem.Decode(raw)
	if block == nil || block.Type != pemType {
		return nil, fileError("seal.key_file", path, errors.New("not a PEM private key"))
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fileError("seal.key_file", path, err)
	}
	return key, nil
}

// syncDir makes a rename durable; Windows has no such call and needs none.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
