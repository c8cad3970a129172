package seal

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"egmina/data"
)

const (
	testCode = "7F3K92QMABCD"
	testPIN  = "2580"
)

func code(err error) string {
	var e *data.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

func TestParseCode(t *testing.T) {
	for _, c := range []struct{ typed, want, err string }{
		{"7F3K-92QM-ABCD", testCode, ""},
		{" 7f3k 92qm abcd\r\n", testCode, ""},
		{"oOiIlL234567", "001111234567", ""},
		{"7F3K-92QM-ABC", "", "seal.code_short"},
		{"7F3K-92QM-ABCDE", "", "seal.code_long"},
		{"7F3K-92QM-ABCU", "", "seal.code_char"},
		{"7F3K-92QM-ABCŁ", "", "seal.code_char"},
		{"", "", "seal.code_short"},
		{strings.Repeat("-", 1000), "", "seal.code_long"},
	} {
		got, err := ParseCode(c.typed)
		if got != c.want || code(err) != c.err {
			t.Errorf("ParseCode(%q) = %q, %v", c.typed, got, err)
		}
	}
}

func TestNewCodeIsReadBack(t *testing.T) {
	seen := map[string]bool{}
	for range 200 {
		c := NewCode()
		if got, err := ParseCode(FormatCode(c)); got != c || err != nil {
			t.Fatalf("%q read back as %q, %v", c, got, err)
		}
		seen[c] = true
	}
	if len(seen) != 200 {
		t.Errorf("%d different codes of 200", len(seen))
	}
}

// The value is stored on kiosks and in the office: it must never change.
func TestBlindIDIsStable(t *testing.T) {
	if got, want := BlindID(testCode, "koscielisko"), "1e4e5dcd7c099ff732c97ef37cca6cc0"; got != want {
		t.Errorf("BlindID = %s, want %s", got, want)
	}
	if BlindID(testCode, "koscielisko") == BlindID(testCode, "zakopane") {
		t.Error("two municipalities share blind IDs")
	}
}

func TestKeybox(t *testing.T) {
	pub, box, err := NewKeybox(testCode, testPIN, "blind")
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := Seal(pub, BundleInfo("blind"), []byte("saldo"))
	if err != nil {
		t.Fatal(err)
	}
	key, err := OpenKeybox(box, testCode, testPIN, "blind")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(key.Public(), pub) {
		t.Error("the opened key has another public half")
	}
	if got, err := key.Open(BundleInfo("blind"), sealed); err != nil || string(got) != "saldo" {
		t.Errorf("Open = %q, %v", got, err)
	}
	if _, err := key.Open(BundleInfo("other"), sealed); code(err) != "seal.damaged" {
		t.Errorf("another account's info: %v", err)
	}
	priv := key.priv
	key.Wipe()
	if !bytes.Equal(priv, make([]byte, keySize)) {
		t.Error("Wipe left the key in memory")
	}
	if _, err := key.Open(BundleInfo("blind"), sealed); !errors.Is(err, ErrClosed) {
		t.Errorf("after Wipe: %v", err)
	}
}

func TestKeyboxWrong(t *testing.T) {
	_, box, err := NewKeybox(testCode, testPIN, "blind")
	if err != nil {
		t.Fatal(err)
	}
	for name, try := range map[string]func() (*Key, error){
		"PIN":     func() (*Key, error) { return OpenKeybox(box, testCode, "2581", "blind") },
		"code":    func() (*Key, error) { return OpenKeybox(box, "7F3K92QMABCE", testPIN, "blind") },
		"blind":   func() (*Key, error) { return OpenKeybox(box, testCode, testPIN, "other") },
		"unknown": func() (*Key, error) { return OpenKeybox(nil, testCode, testPIN, "blind") },
	} {
		if key, err := try(); err != error(ErrWrong) || key != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, pin := range []string{"", "123", "12a4", "1234567890123", "１２３４"} {
		if _, _, err := NewKeybox(testCode, pin, "blind"); err != error(ErrPIN) {
			t.Errorf("PIN %q: %v", pin, err)
		}
	}
}

// A hostile keybox must be refused before it takes memory or time.
func TestKeyboxHostile(t *testing.T) {
	good := keybox{
		Version: 1, Memory: 64, Time: 1, Lanes: 1, Salt: random(16), Nonce: random(24),
		Public: random(32), Wrapped: random(48),
	}
	for name, spoil := range map[string]func(*keybox){
		"memory":  func(k *keybox) { k.Memory = 1 << 31 },
		"time":    func(k *keybox) { k.Time = 1 << 30 },
		"lanes":   func(k *keybox) { k.Lanes = 200 },
		"none":    func(k *keybox) { k.Memory, k.Time, k.Lanes = 0, 0, 0 },
		"version": func(k *keybox) { k.Version = 2 },
		"salt":    func(k *keybox) { k.Salt = nil },
		"nonce":   func(k *keybox) { k.Nonce = k.Nonce[:12] },
		"public":  func(k *keybox) { k.Public = nil },
		"wrapped": func(k *keybox) { k.Wrapped = random(49) },
		"size":    func(k *keybox) { k.Salt = random(maxKeybox) },
	} {
		k := good
		spoil(&k)
		raw, err := json.Marshal(k)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := OpenKeybox(raw, testCode, testPIN, "blind"); code(err) != "seal.keybox_invalid" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSealHidesSizes(t *testing.T) {
	pub := publicOf(newPrivate())
	for _, c := range []struct{ plain, steps int }{{0, 1}, {4092, 1}, {4093, 2}, {10_000, 3}, {MaxPlain, 255}} {
		sealed, err := Seal(pub, "i", make([]byte, c.plain))
		if err != nil {
			t.Fatal(err)
		}
		if want := c.steps*step + overhead; len(sealed) != want || want > MaxSealed {
			t.Errorf("%d bytes sealed to %d, want %d", c.plain, len(sealed), want)
		}
	}
	if _, err := Seal(pub, "i", make([]byte, MaxPlain+1)); code(err) != "seal.too_large" {
		t.Errorf("too large: %v", err)
	}
	for name, bad := range map[string][]byte{"short": pub[:31], "low order": make([]byte, 32)} {
		if _, err := Seal(bad, "i", nil); code(err) != "seal.key_invalid" {
			t.Errorf("%s key: %v", name, err)
		}
	}
}

func TestOpenDamaged(t *testing.T) {
	k, err := NewBoxKey()
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := Seal(k.Public(), "i", []byte("odczyt"))
	if err != nil {
		t.Fatal(err)
	}
	for at := 0; at < len(sealed); at += 97 {
		bad := bytes.Clone(sealed)
		bad[at] ^= 1
		if _, err := k.Open("i", bad); code(err) != "seal.damaged" {
			t.Fatalf("bit flipped at %d: %v", at, err)
		}
	}
	for _, n := range []int{0, 31, 48, len(sealed) - 1} {
		if _, err := k.Open("i", sealed[:n]); code(err) != "seal.damaged" {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
	if _, err := k.Open("i", make([]byte, MaxSealed+1)); code(err) != "seal.damaged" {
		t.Errorf("too large: %v", err)
	}
}

func TestBoxKeyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "op.key")
	if _, err := LoadBoxKey(path); !errors.Is(err, fs.ErrNotExist) || code(err) != "seal.key_file" {
		t.Errorf("missing: %v", err)
	}
	k, err := NewBoxKey()
	if err != nil {
		t.Fatal(err)
	}
	if err := k.Save(path); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	back, err := LoadBoxKey(path)
	if err != nil {
		t.Fatal(err)
	}
	if back.KeyID() != k.KeyID() || len(k.KeyID()) != 8 || !bytes.Equal(back.Public(), k.Public()) {
		t.Error("another key came back")
	}
	if _, err := LoadIdentity(path); code(err) != "seal.key_file" {
		t.Errorf("an X25519 key as identity: %v", err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadBoxKey(path); code(err) != "seal.key_file_shared" {
		t.Errorf("readable by all: %v", err)
	}
}

func TestIdentityFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "device.key")
	id, err := OpenIdentity(path)
	if err != nil {
		t.Fatal(err)
	}
	again, err := OpenIdentity(path)
	if err != nil {
		t.Fatal(err)
	}
	if id.Pin() != again.Pin() || len(id.Pin()) != 64 {
		t.Errorf("pins %s and %s", id.Pin(), again.Pin())
	}
	if !bytes.Equal(id.cert.Certificate[0], again.cert.Certificate[0]) {
		t.Error("the same key made another certificate")
	}
	if _, err := LoadBoxKey(path); code(err) != "seal.key_file" {
		t.Errorf("an Ed25519 key as box key: %v", err)
	}
	if err := os.WriteFile(path, []byte("not a key"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenIdentity(path); code(err) != "seal.key_file" {
		t.Errorf("garbage must not be replaced: %v", err)
	}
	if err := id.Save(filepath.Join(path, "below")); code(err) != "seal.key_save" {
		t.Errorf("saving where it cannot be: %v", err)
	}
}

func FuzzKeybox(f *testing.F) {
	k := keybox{
		Version: 1, Memory: 8, Time: 1, Lanes: 1, Salt: random(16), Nonce: random(24),
		Public: random(32), Wrapped: random(48),
	}
	good, _ := json.Marshal(k)
	f.Add(good)
	f.Add([]byte(`{"v":1,"m":4294967295,"t":4294967295,"p":255}`))
	f.Add([]byte(`{"v":1,"salt":"` + strings.Repeat("A", 4000) + `"}`))
	f.Fuzz(func(t *testing.T, box []byte) {
		k, err := readKeybox(box)
		if err != nil {
			return
		}
		if k.Memory > maxKDFMemory || k.Time > maxKDFTime || k.Lanes > maxKDFLanes {
			t.Fatalf("let through m=%d t=%d p=%d", k.Memory, k.Time, k.Lanes)
		}
		if k.Memory*k.Time > 1024 {
			return // bounded, but too slow to try by the thousand
		}
		if key, err := OpenKeybox(box, testCode, testPIN, "blind"); err == nil {
			t.Fatalf("opened an invented keybox: %v", key)
		}
	})
}

func FuzzOpen(f *testing.F) {
	k, err := NewBoxKey()
	if err != nil {
		f.Fatal(err)
	}
	sealed, err := Seal(k.Public(), "i", []byte("odczyt"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sealed)
	f.Add(sealed[:48])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := k.Open("i", b)
		if err == nil && (!bytes.Equal(b, sealed) || string(got) != "odczyt") {
			t.Fatalf("opened %d bytes nobody sealed", len(b))
		}
		if padded := append(make([]byte, 0, len(b)), b...); len(padded) > 0 {
			_, _ = unpad(padded) // any bytes: must not panic
		}
	})
}

func BenchmarkBlindID(b *testing.B) {
	for b.Loop() {
		BlindID(testCode, "koscielisko")
	}
}

func BenchmarkOpenKeybox(b *testing.B) {
	_, box, err := NewKeybox(testCode, testPIN, "blind")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := OpenKeybox(box, testCode, testPIN, "blind"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSeal(b *testing.B) {
	pub, plain := publicOf(newPrivate()), make([]byte, 3000)
	for b.Loop() {
		if _, err := Seal(pub, "i", plain); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	k, err := NewBoxKey()
	if err != nil {
		b.Fatal(err)
	}
	sealed, err := Seal(k.Public(), "i", make([]byte, 3000))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := k.Open("i", sealed); err != nil {
			b.Fatal(err)
		}
	}
}
