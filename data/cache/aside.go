package cache

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// How many damaged copies are kept for a person to look at.
const (
	keepAside       = 3
	keepAsideOutbox = 10
)

// companions are the files that together are one SQLite database.
var companions = []string{"", "-wal", "-shm"}

// asideName finds a free name "<file>.damaged-<unix>".
func asideName(path string, now time.Time) string {
	for n := now.Unix(); ; n++ {
		name := fmt.Sprintf("%s.damaged-%d", path, n)
		if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) {
			return name
		}
	}
}

// setAside renames a database out of the way and returns its new base name.
// The oldest copies beyond keep are removed.
func setAside(path string, now time.Time, keep int) (string, error) {
	to := asideName(path, now)
	for _, c := range companions {
		if err := os.Rename(path+c, to+c); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", openError(filepath.Base(path), err)
		}
	}
	prune(path, keep)
	return filepath.Base(to), syncDir(filepath.Dir(path))
}

// prune removes the oldest copies beyond keep. A copy that will not go is no
// reason to stop.
func prune(path string, keep int) {
	names, _ := filepath.Glob(path + ".damaged-*")
	byAge := map[int64][]string{}
	var ages []int64
	for _, name := range names {
		digits, _, _ := strings.Cut(strings.TrimPrefix(name, path+".damaged-"), "-")
		age, err := strconv.ParseInt(digits, 10, 64)
		if err != nil {
			continue
		}
		if byAge[age] == nil {
			ages = append(ages, age)
		}
		byAge[age] = append(byAge[age], name)
	}
	slices.SortFunc(ages, func(a, b int64) int { return cmp.Compare(b, a) })
	for _, age := range ages[min(keep, len(ages)):] {
		for _, name := range byAge[age] {
			_ = os.Remove(name)
		}
	}
}
