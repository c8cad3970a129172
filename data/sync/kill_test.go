//go:build kill && linux

package sync_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"egmina/data"
	"egmina/data/cache"
	"egmina/data/office"
	"egmina/data/seal"
	"egmina/data/store"
	"egmina/data/store/sqlite"
	"egmina/data/sync"
)

// The test binary runs itself again as an office or a kiosk: real processes,
// real files, real TLS. strace kills them at the n-th write, fsync, truncate or
// rename, one kind of call at a time, because it counts each kind by itself.

const (
	roleEnv = "EGMINA_KILL_ROLE"
	dirEnv  = "EGMINA_KILL_DIR"
	addrEnv = "EGMINA_KILL_ADDR"

	killTime  = 35 * time.Second // for each of the two sweeps
	actsEach  = 4                // readings a kiosk process leaves
	writeCall = "write,pwrite64,fsync,fdatasync,ftruncate,rename,renameat,renameat2,unlink,unlinkat"
)

func TestMain(m *testing.M) {
	var err error
	switch os.Getenv(roleEnv) {
	case "office":
		err = officeProcess(os.Getenv(dirEnv), os.Getenv(addrEnv))
	case "kiosk":
		err = kioskProcess(os.Getenv(dirEnv), os.Getenv(addrEnv))
	default:
		os.Exit(m.Run())
	}
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
}

// plant is a folder with the keys and files of one office and one kiosk.
type plant struct {
	t    *testing.T
	dir  string
	addr string
}

func newPlant(t *testing.T) *plant {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	p := &plant{t: t, dir: t.TempDir(), addr: l.Addr().String()}
	for _, name := range []string{"server", "kiosk"} {
		if err := must(seal.NewIdentity()).Save(filepath.Join(p.dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := boxKey.Save(filepath.Join(p.dir, "box")); err != nil {
		t.Fatal(err)
	}
	for i, a := range accounts {
		if err := a.key.Save(filepath.Join(p.dir, fmt.Sprint("account", i))); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

// load makes this process know the plant's keys.
func load(dir string) (server, kiosk *seal.Identity) {
	boxKey = must(seal.LoadBoxKey(filepath.Join(dir, "box")))
	for i := range accounts {
		accounts[i].key = must(seal.LoadBoxKey(filepath.Join(dir, fmt.Sprint("account", i))))
	}
	return must(seal.LoadIdentity(filepath.Join(dir, "server"))), must(seal.LoadIdentity(filepath.Join(dir, "kiosk")))
}

// officeProcess serves until it is killed, publishing all the while.
func officeProcess(dir, addr string) error {
	server, kiosk := load(dir)
	st, err := sqlite.Open(ctx, filepath.Join(dir, "office.db"), "koscielisko", sqlite.Options{})
	if err != nil {
		return err
	}
	s, err := office.New(ctx, st, office.Keys{Boxes: []*seal.BoxKey{boxKey}, Secret: make([]byte, 32)},
		office.Options{Kiosks: map[string]string{kiosk.Pin(): "hol"}, Log: quiet})
	if err != nil {
		return err
	}
	d := &desk{Service: s, store: st}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	go func() {
		for i := 0; ; i++ {
			err := errors.Join(d.putAccounts(fmt.Sprint(rand.Uint32())), d.Publish(ctx, map[string][]byte{"a": fmt.Append(nil, rand.Uint32()), "b": fmt.Append(nil, i%2)}))
			if err != nil {
				fmt.Println("error", err)
				os.Exit(1)
			}
			time.Sleep(25 * time.Millisecond)
		}
	}()
	fmt.Println("serving")
	return s.Server(seal.ServerTLS(server, s.Allowed)).ServeTLS(l, "", "")
}

func (p *plant) client(c *cache.Cache) *sync.Client {
	server, kiosk := load(p.dir)
	return sync.New(sync.Options{
		Base: "https://" + p.addr, Cache: c, Log: quiet, HTTP: sync.NewHTTP(seal.ClientTLS(kiosk, server.Pin())),
		Random: func(time.Duration) time.Duration { return 20 * time.Millisecond },
	})
}

// kioskProcess leaves some readings, says of each when it is safe, and ends
// when the office has them.
func kioskProcess(dir, addr string) error {
	p := &plant{dir: dir, addr: addr}
	c, rep, err := cache.Open(filepath.Join(dir, "cache"), time.Now)
	if err != nil {
		return err
	}
	if len(rep.Lost)+len(rep.SetAside) > 0 {
		return fmt.Errorf("damage: %+v", rep)
	}
	client := p.client(c)
	running, stop := context.WithTimeout(ctx, 20*time.Second)
	defer stop()
	done := make(chan struct{})
	go func() { client.Run(running); close(done) }()
	for i := range actsEach {
		e, err := entry(accounts[i%2], "m1", int64(i), time.Now())
		if err != nil {
			return err
		}
		fmt.Println("begin", e.Op.ID)
		if _, err := c.Enqueue(ctx, e); err != nil {
			return err
		}
		fmt.Println("safe", e.Op.ID)
		time.Sleep(10 * time.Millisecond)
	}
	for running.Err() == nil {
		n, err := c.Counts(ctx)
		if err != nil {
			return err
		}
		if n.Waiting == 0 {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	stop()
	<-done
	return c.Close()
}

// process is a run of one role, perhaps to be killed.
type process struct {
	cmd   *exec.Cmd
	lines []string
	ready chan struct{}
	ended chan error
}

// start runs a role; under strace with the given arguments when there are any.
func (p *plant) start(role string, strace ...string) *process {
	p.t.Helper()
	args := []string{os.Args[0], "-test.run=^$"}
	if len(strace) > 0 {
		args = append(append([]string{"strace", "-f", "-qqq", "--signal=none", "-e", "trace=" + writeCall}, strace...), args...)
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = append(os.Environ(), roleEnv+"="+role, dirEnv+"="+p.dir, addrEnv+"="+p.addr, "GOMAXPROCS=1", "GODEBUG=asyncpreemptoff=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		p.t.Fatal(err)
	}
	x := &process{cmd: cmd, ready: make(chan struct{}), ended: make(chan error, 1)}
	go func() {
		for s := bufio.NewScanner(out); s.Scan(); {
			if x.lines = append(x.lines, s.Text()); s.Text() == "serving" {
				close(x.ready)
			}
		}
		x.ended <- cmd.Wait()
	}()
	return x
}

// kill ends the process and all it started.
func (x *process) kill() {
	_ = syscall.Kill(-x.cmd.Process.Pid, syscall.SIGKILL)
	<-x.ended
}

// steps returns how often one thread makes each kind of call, from a trace.
func steps(t *testing.T, file string) map[string]int {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	perThread, most := map[string]int{}, map[string]int{}
	for line := range strings.Lines(string(raw)) {
		f := strings.Fields(line)
		if len(f) < 2 || strings.HasPrefix(f[1], "<...") || strings.HasPrefix(f[1], "+++") {
			continue
		}
		call, _, ok := strings.Cut(f[1], "(")
		if !ok {
			continue
		}
		perThread[f[0]+call]++
		most[call] = max(most[call], perThread[f[0]+call])
	}
	return most
}

type shot struct {
	call string
	n    int
}

// shots spreads kills over all kinds of call and all their occurrences, the
// order shuffled, so that a short budget still covers the whole.
func shots(most map[string]int) []shot {
	var all []shot
	for call, n := range most {
		for i := 1; i <= n; i++ {
			all = append(all, shot{call, i})
		}
	}
	slices.SortFunc(all, func(a, b shot) int {
		return strings.Compare(fmt.Sprintf("%s%09d", a.call, a.n), fmt.Sprintf("%s%09d", b.call, b.n))
	})
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

func (s shot) args() []string {
	return []string{"-o", os.DevNull, "-e", fmt.Sprintf("inject=%s:signal=KILL:when=%d", s.call, s.n)}
}

func TestKillKioskAtEveryWrite(t *testing.T) {
	p := newPlant(t)
	srv := p.start("office")
	defer srv.kill()
	waitReady(t, srv)
	trace := filepath.Join(p.dir, "trace")
	safe, begun := map[string]bool{}, map[string]bool{}
	first := p.start("kiosk", "-o", trace)
	if err := <-first.ended; err != nil {
		t.Fatalf("undisturbed: %v %v", err, first.lines)
	}
	collect(t, first, safe, begun)
	most := steps(t, trace)
	all, killed := shots(most), map[string]int{}
	end := time.Now().Add(killTime)
	for _, s := range all {
		if time.Now().After(end) {
			break
		}
		x := p.start("kiosk", s.args()...)
		if err := <-x.ended; err != nil {
			killed[s.call]++
		}
		collect(t, x, safe, begun)
		p.checkCopies(fmt.Sprintf("after %+v", s))
	}
	t.Logf("%d of %d points (per thread: %v), killed at %v; %d acts safe, %d begun", sum(killed), len(all), most, killed, len(safe), len(begun))
	if sum(killed) < 10 || killed["pwrite64"] == 0 || killed["fsync"]+killed["fdatasync"] == 0 || killed["write"] == 0 {
		t.Error("the harness killed too little")
	}
	last := p.start("kiosk")
	if err := <-last.ended; err != nil {
		t.Errorf("at the end: %v %v", err, last.lines)
	}
	collect(t, last, safe, begun)
	srv.kill()
	srv.ended <- nil
	p.judge(safe, begun)
}

func sum(m map[string]int) (n int) {
	for _, v := range m {
		n += v
	}
	return n
}

func waitReady(t *testing.T, x *process) {
	t.Helper()
	select {
	case <-x.ready:
	case err := <-x.ended:
		t.Fatalf("ended at once: %v %v", err, x.lines)
	case <-time.After(20 * time.Second):
		t.Fatal("office does not serve")
	}
}

// collect notes which acts a kiosk process began and which it called safe.
func collect(t *testing.T, x *process, safe, begun map[string]bool) {
	t.Helper()
	for _, line := range x.lines {
		what, id, _ := strings.Cut(line, " ")
		switch what {
		case "safe":
			safe[id] = true
		case "begin":
			begun[id] = true
		case "error":
			t.Errorf("kiosk: %s", line)
		}
	}
}

// checkCopies opens a killed kiosk's cache and compares every bucket with the
// office's log replayed up to the same place.
func (p *plant) checkCopies(when string) {
	p.t.Helper()
	dir := filepath.Join(p.dir, "look")
	defer os.RemoveAll(dir)
	if err := copyFiles(filepath.Join(p.dir, "cache"), dir); err != nil {
		p.t.Fatal(err)
	}
	c, rep, err := cache.Open(dir, time.Now)
	if err != nil {
		p.t.Errorf("%s: %v", when, err)
		return
	}
	defer c.Close()
	if len(rep.Lost)+len(rep.SetAside) > 0 {
		p.t.Errorf("%s: damage %+v", when, rep)
	}
	all, err := c.Positions(ctx)
	if err != nil {
		p.t.Errorf("%s: %v", when, err)
	}
	st, err := sqlite.Open(ctx, filepath.Join(p.dir, "office.db"), "koscielisko", sqlite.Options{})
	if err != nil {
		p.t.Fatal(err)
	}
	defer st.Close()
	for bucket, pos := range all {
		have, err := c.Entries(ctx, bucket)
		if want := replay(st, bucket, pos); err != nil || want != nil && !same(have, want) {
			p.t.Errorf("%s: %s at %d is not a state the office had; %v", when, bucket, pos.Seq, err)
		}
	}
}

// replay returns a bucket's state at a place of the log, nil when the log was
// pruned past it.
func replay(st *sqlite.Store, bucket string, at data.Position) map[string][]byte {
	state, from := map[string][]byte{}, data.Position{Epoch: at.Epoch}
	for from.Seq < at.Seq {
		page, err := feedSince(st, bucket, from)
		if err != nil || len(page.Changes) == 0 {
			return nil
		}
		for _, c := range page.Changes {
			if c.Seq > at.Seq {
				break
			}
			from = data.Position{Epoch: at.Epoch, Seq: c.Seq, Digest: from.Digest.Next(c)}
			if state[c.Key] = c.Value; c.Deleted {
				delete(state, c.Key)
			}
		}
	}
	if from != at {
		return map[string][]byte{"digest": nil}
	}
	return state
}

func same(a, b map[string][]byte) bool {
	for k := range b {
		if !bytes.Equal(a[k], b[k]) {
			return false
		}
	}
	return len(a) == len(b)
}

// judge opens the office's files: every safe act is there once, and nothing
// that no kiosk began.
func (p *plant) judge(safe, begun map[string]bool) {
	p.t.Helper()
	load(p.dir)
	d, err := openDesk(filepath.Join(p.dir, "office.db"), false)
	if err != nil {
		p.t.Fatal(err)
	}
	defer d.store.Close()
	work, err := d.work()
	if err != nil {
		p.t.Fatal(err)
	}
	times := map[string]int{}
	for _, r := range work {
		times[r.Op.String()]++
		if !begun[r.Op.String()] {
			p.t.Errorf("act %s came from nowhere", r.Op)
		}
	}
	for id := range safe {
		if times[id] != 1 {
			p.t.Errorf("act %s, safe on the kiosk, is in the office %d times", id, times[id])
		}
	}
	for id, n := range times {
		if n != 1 {
			p.t.Errorf("act %s is in the office %d times", id, n)
		}
	}
}

func TestKillOfficeAtEveryWrite(t *testing.T) {
	p := newPlant(t)
	c, _, err := cache.Open(filepath.Join(p.dir, "cache"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	run(t, p.client(c))
	safe := map[string]bool{}
	leave := func() {
		for i := range actsEach {
			safe[enqueue(t, c, accounts[i%2], "m1", int64(i)).String()] = true
		}
	}
	settled := func() bool { n, err := c.Counts(ctx); return err == nil && n.Waiting == 0 && n.Applied == len(safe) }
	trace := filepath.Join(p.dir, "trace")
	first := p.start("office", "-o", trace)
	waitReady(t, first)
	leave()
	soon(t, "first acts", settled)
	first.kill()
	most := steps(t, trace)
	all, killed := shots(most), map[string]int{}
	end := time.Now().Add(killTime)
	for _, s := range all {
		if time.Now().After(end) {
			break
		}
		x := p.start("office", s.args()...)
		leave()
		select {
		case <-x.ended:
			killed[s.call]++
			for _, line := range x.lines {
				if strings.HasPrefix(line, "error") {
					t.Errorf("office: %s", line)
				}
			}
		case <-time.After(3 * time.Second):
			x.kill()
		}
	}
	t.Logf("%d of %d points (per thread: %v), killed at %v; %d acts", sum(killed), len(all), most, killed, len(safe))
	if sum(killed) < 10 || killed["pwrite64"] == 0 || killed["fsync"]+killed["fdatasync"] == 0 {
		t.Error("the harness killed too little")
	}
	last := p.start("office")
	waitReady(t, last)
	soon(t, "all acts in the office", settled)
	soon(t, "bundles", func() bool {
		b, err := openBundle(c, accounts[0])
		return err == nil && len(b.Meters[0].Readings) == len(safe)/2
	})
	last.kill()
	p.judge(safe, safe)
	p.checkCopies("at the end")
}

func feedSince(st *sqlite.Store, bucket string, from data.Position) (page data.FeedPage, err error) {
	err = st.Read(ctx, func(tx store.ReadTx) (err error) { page, err = tx.FeedSince(bucket, from, 1000, 4<<20); return err })
	return page, err
}
