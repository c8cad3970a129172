package cache

import (
	"context"
	"errors"
	"time"

	"egmina/data"
)

var errSoon = errors.New("cache: under construction")

func Open(dir string, now func() time.Time) (*Cache, *Report, error) { return nil, nil, errSoon }

func (c *Cache) Close() error                                    { return errSoon }
func (c *Cache) Subscribe(f func(bucket string)) (cancel func()) { return func() {} }
func (c *Cache) Position(ctx context.Context, bucket string) (data.Position, error) {
	return data.Position{}, errSoon
}
func (c *Cache) Positions(ctx context.Context) (map[string]data.Position, error) { return nil, errSoon }
func (c *Cache) Entries(ctx context.Context, bucket string) (map[string][]byte, error) {
	return nil, errSoon
}
func (c *Cache) Documents(ctx context.Context) (map[string][]byte, error) { return nil, errSoon }
func (c *Cache) Heads(ctx context.Context) (map[string]int64, error)      { return nil, errSoon }
func (c *Cache) Keybox(ctx context.Context, blind string) ([]byte, error) { return nil, errSoon }
func (c *Cache) Bundle(ctx context.Context, blind string) ([]byte, data.Instant, error) {
	return nil, 0, errSoon
}
func (c *Cache) ApplyPage(ctx context.Context, page data.FeedPage) error   { return errSoon }
func (c *Cache) Replace(ctx context.Context, snap data.Snapshot) error     { return errSoon }
func (c *Cache) Drop(ctx context.Context, bucket string) error             { return errSoon }
func (c *Cache) Enqueue(ctx context.Context, e Entry) (data.Op, error)     { return data.Op{}, errSoon }
func (c *Cache) Waiting(ctx context.Context, limit int) ([]data.Op, error) { return nil, errSoon }
func (c *Cache) Acked(ctx context.Context, results []data.OpResult, epoch string, durableUpTo int64) error {
	return errSoon
}
func (c *Cache) SetEpoch(ctx context.Context, epoch string) error                  { return errSoon }
func (c *Cache) WaitingIn(ctx context.Context, bucket string) (bool, error)        { return false, errSoon }
func (c *Cache) Of(ctx context.Context, bucket string) ([]Entry, error)            { return nil, errSoon }
func (c *Cache) Counts(ctx context.Context) (Counts, error)                        { return Counts{}, errSoon }
func (c *Cache) Attempts() *Attempts                                               { return c.attempts }
func (a *Attempts) Allow(ctx context.Context, blind string) (time.Duration, error) { return 0, errSoon }
func (a *Attempts) Record(ctx context.Context, blind string) error                 { return errSoon }
func (a *Attempts) Clear(ctx context.Context, blind string) error                  { return errSoon }
