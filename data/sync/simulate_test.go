package sync_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	gosync "sync"
	"sync/atomic"
	"testing"
	"time"

	"egmina/data"
	"egmina/data/cache"
	"egmina/data/store"
	"egmina/data/sync"
)

// TestSimulate runs the protocol under seeded misfortune: requests and answers
// lost, doubled, late, cut; kiosks and the office crashing; the office restored
// from an older backup. EGMINA_SIM_SEEDS sets how many seeds, EGMINA_SIM_SEED
// runs one and tells its story.
func TestSimulate(t *testing.T) {
	if one := os.Getenv("EGMINA_SIM_SEED"); one != "" {
		seed, err := strconv.ParseUint(one, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		w := simulate(t, templates(t), seed)
		t.Logf("seed %d:\n%s", seed, strings.Join(w.story, "\n"))
		if w.err != nil {
			t.Fatal(w.err)
		}
		return
	}
	seeds := uint64(200)
	if v, err := strconv.ParseUint(os.Getenv("EGMINA_SIM_SEEDS"), 10, 64); err == nil {
		seeds = v
	}
	tpl, next, counts := templates(t), atomic.Uint64{}, tally{}
	var all gosync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for seed := next.Add(1); seed <= seeds && !t.Failed(); seed = next.Add(1) {
				w := simulate(t, tpl, seed)
				counts.add(w)
				if w.err != nil {
					t.Errorf("EGMINA_SIM_SEED=%d: %v\n%s", seed, w.err, strings.Join(w.story, "\n"))
				}
			}
		})
	}
	all.Wait()
	t.Logf("%d seeds: %s", seeds, &counts)
	if seeds >= 100 && !t.Failed() {
		counts.mustCover(t)
	}
}

// tally counts what the seeds exercised, so that a simulator that stopped
// doing anything shows.
type tally struct {
	mu gosync.Mutex
	n  map[string]int
}

func (c *tally) add(w *world) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.n == nil {
		c.n = map[string]int{}
	}
	for k, v := range w.did {
		c.n[k] += v
	}
}

func (c *tally) String() string { return fmt.Sprint(c.n) }

func (c *tally) mustCover(t *testing.T) {
	for _, k := range []string{"deliver", "lose request", "lose answer", "twice", "late", "slow", "cut", "portal", "busy",
		"reading", "tap twice", "publish", "bundle", "crash kiosk", "crash office", "backup", "verify backup", "restore", "kept acts repeated"} {
		if c.n[k] == 0 {
			t.Errorf("no seed exercised %q", k)
		}
	}
}

// fastDir is a folder in memory where there is one: a crash here is a copy, so
// the disk adds only waiting.
func fastDir(t testing.TB) string {
	dir, err := os.MkdirTemp("/dev/shm", "egmina-sim-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// templates makes an office with its accounts and an empty kiosk, to be copied
// for each seed.
func templates(t testing.TB) string {
	t.Helper()
	dir := fastDir(t)
	if err := os.MkdirAll(filepath.Join(dir, "office"), 0o700); err != nil {
		t.Fatal(err)
	}
	d, err := openDesk(filepath.Join(dir, "office", "office.db"), true)
	if err != nil {
		t.Fatal(err)
	}
	c, _, err := cache.Open(filepath.Join(dir, "kiosk"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(d.putAccounts("start"), d.store.Close(), c.Close()); err != nil {
		t.Fatal(err)
	}
	return dir
}

type simKiosk struct {
	name   string
	dir    string
	clock  time.Time // may be nonsense
	cache  *cache.Cache
	client *sync.Client
}

type simBackup struct {
	dir  string
	held map[string]int64
}

// sent is an act that a resident was given a receipt for.
type sent struct {
	kiosk *simKiosk
	entry cache.Entry
	value int64
}

type world struct {
	r       *rand.Rand
	dir     string
	dirs    int
	desk    *desk
	kiosks  []*simKiosk
	backups []simBackup
	acts    []sent
	late    []func()
	had     map[string]string // states the office had, by bucket and position
	now     time.Time
	deep    int
	calm    bool
	did     map[string]int
	story   []string
	err     error
}

func simulate(t testing.TB, tpl string, seed uint64) *world {
	w := &world{r: rand.New(rand.NewPCG(seed, 2)), had: map[string]string{}, did: map[string]int{}, now: noon, dir: filepath.Join(tpl, fmt.Sprint("seed", seed))}
	defer os.RemoveAll(w.dir)
	defer w.shut()
	w.start(tpl)
	for range 20 + w.r.IntN(20) {
		if w.err == nil {
			w.step()
		}
	}
	if w.err == nil {
		w.quiesce()
	}
	if w.err == nil {
		w.judge()
	}
	return w
}

func (w *world) tell(format string, args ...any) {
	w.story = append(w.story, fmt.Sprintf(format, args...))
}

func (w *world) check(what string, err error) {
	if err != nil && w.err == nil {
		w.err = fmt.Errorf("%s: %w", what, err)
	}
}

func (w *world) folder() string {
	w.dirs++
	return filepath.Join(w.dir, fmt.Sprint(w.dirs))
}

func (w *world) start(tpl string) {
	dir := w.folder()
	w.check("copy", copyFiles(filepath.Join(tpl, "office"), dir))
	w.openOffice(dir)
	for i := range 2 + w.r.IntN(2) {
		k := &simKiosk{name: fmt.Sprint("k", i), dir: w.folder(), clock: noon}
		if i == 1 {
			k.clock = time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)
		}
		w.check("copy", copyFiles(filepath.Join(tpl, "kiosk"), k.dir))
		w.openKiosk(k)
		w.kiosks = append(w.kiosks, k)
	}
}

func (w *world) shut() {
	for _, k := range w.kiosks {
		if k.cache != nil {
			_ = k.cache.Close()
		}
	}
	if w.desk != nil {
		_ = w.desk.store.Close()
	}
}

func (w *world) openOffice(dir string) {
	d, err := openDesk(filepath.Join(dir, "office.db"), true, "k0", "k1", "k2")
	w.check("office", err)
	if err == nil {
		w.desk = d
		w.record()
	}
}

func (w *world) openKiosk(k *simKiosk) {
	c, rep, err := cache.Open(k.dir, func() time.Time { return k.clock })
	w.check("kiosk", err)
	if err != nil {
		k.cache = nil
		return
	}
	if len(rep.SetAside)+len(rep.Lost) > 0 {
		w.check("kiosk", fmt.Errorf("a crash damaged files: %+v", rep))
	}
	k.cache = c
	k.client = sync.New(sync.Options{
		Base: "https://office", Cache: c, Log: quiet, Parallel: 1, Now: func() time.Time { return w.now },
		Random: func(d time.Duration) time.Duration { return d / 2 },
		HTTP:   &http.Client{Transport: trip(func(req *http.Request, body []byte) (*http.Response, error) { return w.carry(k, req, body) })},
	})
}

// record notes the state of every bucket that the office now has.
func (w *world) record() {
	for _, b := range w.moved() {
		snap, err := w.desk.snapshot(b)
		w.check("office", err)
		state := map[string][]byte{}
		for _, e := range snap.Entries {
			state[e.Key] = e.Value
		}
		w.had[place(b, snap.At)] = fmt.Sprint(state)
	}
}

// moved returns the buckets whose position was not seen before.
func (w *world) moved() (names []string) {
	err := w.desk.store.Read(ctx, func(tx store.ReadTx) error {
		for _, b := range buckets() {
			at, err := tx.Head(b)
			if err != nil {
				return err
			}
			if _, seen := w.had[place(b, at)]; !seen {
				names = append(names, b)
			}
		}
		return nil
	})
	w.check("office", err)
	return names
}

func place(bucket string, p data.Position) string {
	return fmt.Sprintf("%s %s %d", bucket, p.Epoch, p.Seq)
}

// choose picks one of the names by weight.
func (w *world) choose(weights []int, names ...string) string {
	total := 0
	for _, n := range weights {
		total += n
	}
	at := w.r.IntN(total)
	for i, n := range weights {
		if at -= n; at < 0 {
			return names[i]
		}
	}
	return names[0]
}

func (w *world) step() {
	w.now = w.now.Add(time.Minute)
	k := w.kiosks[w.r.IntN(len(w.kiosks))]
	what := w.choose([]int{24, 14, 3, 7, 7, 4, 3, 4, 3, 4, 2},
		"sync", "reading", "tap twice", "publish", "bundle", "crash kiosk", "crash office", "backup", "verify backup", "arrive", "restore")
	if what == "sync" && w.deep > 0 {
		what = "reading" // this kiosk may be in the middle of one
	}
	w.tell("%s%s %s", strings.Repeat("  ", w.deep), what, k.name)
	w.did[what]++
	switch what {
	case "sync":
		w.syncKiosk(k)
	case "reading":
		w.reading(k)
	case "tap twice":
		w.tapTwice()
	case "publish":
		w.check("publish", w.desk.Publish(ctx, w.content()))
		w.record()
	case "bundle":
		a := accounts[w.r.IntN(len(accounts))]
		w.check("bundle", w.desk.PutAccount(ctx, a.blind, a.key.Public(), []byte("keybox of "+a.blind), a.bundle(fmt.Sprint(w.r.Uint32()))))
		w.record()
	case "crash kiosk":
		if w.deep == 0 {
			w.crashKiosk(k)
		}
	case "crash office":
		w.crashOffice()
	case "backup":
		w.backup()
	case "verify backup":
		w.verifyBackup()
	case "arrive":
		w.arrive()
	case "restore":
		w.restore()
	}
}

func (w *world) content() map[string][]byte {
	docs := map[string][]byte{"gmina": []byte("{}")}
	for _, key := range []string{"page/a", "page/b", "page/c", "tariffs"} {
		if w.r.IntN(4) > 0 {
			docs[key] = fmt.Append(nil, w.r.IntN(6))
		}
	}
	return docs
}

func (w *world) reading(k *simKiosk) {
	value := int64(len(w.acts) + 1)
	e, err := entry(accounts[w.r.IntN(len(accounts))], fmt.Sprint("m", 1+w.r.IntN(3)), value, k.clock)
	w.check("act", err)
	_, err = k.cache.Enqueue(ctx, e)
	w.check("enqueue", err)
	w.acts = append(w.acts, sent{k, e, value})
}

func (w *world) tapTwice() {
	if len(w.acts) == 0 {
		return
	}
	a := w.acts[w.r.IntN(len(w.acts))]
	if kept, err := a.kiosk.cache.Of(ctx, a.entry.Bucket); err != nil || !holds(kept, a.entry.Op.ID) {
		w.check("outbox", err)
		return // long settled and gone: its screen is gone too
	}
	_, err := a.kiosk.cache.Enqueue(ctx, a.entry)
	w.check("enqueue again", err)
}

func holds(kept []cache.Entry, id data.ID) bool {
	for _, e := range kept {
		if e.Op.ID == id {
			return true
		}
	}
	return false
}

func (w *world) crashKiosk(k *simKiosk) {
	dir := w.folder()
	w.check("crash", copyFiles(k.dir, dir))
	_ = k.cache.Close()
	k.dir = dir
	w.openKiosk(k)
	w.inspect(k)
}

func (w *world) crashOffice() {
	dir := w.folder()
	w.check("crash", copyFiles(w.officeDir(), dir))
	_ = w.desk.store.Close()
	w.openOffice(dir)
}

func (w *world) backup() {
	held, err := w.desk.Progress(ctx)
	b := simBackup{dir: w.folder(), held: held}
	w.check("backup", errors.Join(err, copyFiles(w.officeDir(), b.dir)))
	w.backups = append(w.backups, b)
}

// verifyBackup tells the office that a backup is good. Acts in it may then be
// gone from the kiosks, so no older one will do for a restore.
func (w *world) verifyBackup() {
	if len(w.backups) == 0 {
		return
	}
	i := w.r.IntN(len(w.backups))
	w.check("backup", w.desk.BackedUp(ctx, w.backups[i].held))
	w.backups = w.backups[i:]
}

func (w *world) restore() {
	if len(w.backups) == 0 {
		return
	}
	i := w.r.IntN(len(w.backups))
	dir := w.folder()
	w.check("restore", copyFiles(w.backups[i].dir, dir))
	w.backups = w.backups[:i+1]
	_ = w.desk.store.Close()
	w.openOffice(dir)
	if w.err == nil {
		w.check("restore", w.desk.RotateEpoch(ctx))
		w.record()
		w.tell("restored backup %d", i)
	}
}

func (w *world) arrive() {
	if len(w.late) == 0 {
		return
	}
	i := w.r.IntN(len(w.late))
	f := w.late[i]
	w.late = append(w.late[:i], w.late[i+1:]...)
	f()
}

func (w *world) syncKiosk(k *simKiosk) {
	before, _ := k.cache.Counts(ctx)
	if err := k.client.SyncOnce(ctx); err != nil {
		w.tell("  %s: %v", k.name, err)
	}
	after, _ := k.cache.Counts(ctx)
	if after.Waiting > before.Waiting {
		w.did["kept acts repeated"]++
	}
	if k.client.Status().Waiting > after.Waiting+before.Waiting {
		w.check("status", fmt.Errorf("%d waiting, %d in the outbox", k.client.Status().Waiting, after.Waiting))
	}
	w.inspect(k)
}

var errWire = errors.New("wire: broken")

// carry takes one request to the office and brings the answer, or does not.
func (w *world) carry(k *simKiosk, req *http.Request, body []byte) (*http.Response, error) {
	what := "deliver"
	if !w.calm {
		what = w.choose([]int{60, 6, 8, 6, 5, 8, 4, 2, 3}, "deliver", "lose request", "lose answer", "twice", "late", "slow", "cut", "portal", "busy")
	}
	w.did[what]++
	if what != "deliver" {
		w.tell("  %s %s: %s", req.Method, req.URL.Path, what)
	}
	serve := func() *http.Response {
		resp := handle(w.desk.handler, k.name, req, body)
		if req.Method == http.MethodPost {
			w.record()
		}
		return resp
	}
	switch what {
	case "lose request":
		return nil, errWire
	case "lose answer":
		serve()
		return nil, errWire
	case "twice":
		serve()
	case "late":
		w.late = append(w.late, func() { serve() })
		return nil, errWire
	case "slow":
		return w.slow(serve)
	case "cut":
		return cut(serve(), w.r)
	case "portal":
		return answer(200, "<html>Zaloguj się do sieci</html>", nil), nil
	case "busy":
		return answer(503, `{"error":"try-later"}`, http.Header{"Retry-After": {"5"}}), nil
	}
	return serve(), nil
}

// slow lets the world go on before the request arrives or before its answer does.
func (w *world) slow(serve func() *http.Response) (*http.Response, error) {
	var resp *http.Response
	first := w.r.IntN(2) == 0
	if first {
		resp = serve()
	}
	w.deep++
	for range 1 + w.r.IntN(3) {
		if w.err == nil {
			w.step()
		}
	}
	w.deep--
	if !first {
		resp = serve()
	}
	return resp, nil
}

func answer(status int, body string, h http.Header) *http.Response {
	if h == nil {
		h = http.Header{}
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body))}
}

func cut(resp *http.Response, r *rand.Rand) (*http.Response, error) {
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(raw[:r.IntN(len(raw)+1)]), broken{}))
	return resp, nil
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
