package sync

import (
	"context"
	"errors"
	"fmt"
	gosync "sync"
	"time"

	"egmina/data"
)

// Limits of one request, within those of the office.
const (
	maxBatch      = 100
	maxBatchBytes = 4 << 20
)

// outbox is what the client remembers about acts on their way. The acts
// themselves are in the cache.
type outbox struct {
	mu    gosync.Mutex
	batch int               // acts of the next request: halved by failures, so that a bad act ends up alone
	later map[data.ID]delay // acts the office could not take now
}

type delay struct {
	until time.Time
	tries backoff
}

// push sends the next batch and returns how many acts it settled or put off.
func (c *Client) push(ctx context.Context) (n int, err error) {
	c.outbox.mu.Lock()
	defer c.outbox.mu.Unlock()
	defer c.count(ctx)
	ops, err := c.nextBatch(ctx)
	if err != nil || len(ops) == 0 {
		return 0, err
	}
	c.epochMu.Lock()
	before := c.epoch
	c.epochMu.Unlock()
	var resp data.OpsResponse
	resp, err = c.postOps(ctx, ops)
	if err != nil {
		return c.pushFailed(ops, err)
	}
	c.outbox.batch = min(c.outbox.batch*2, maxBatch)
	return c.settle(ctx, resp, before)
}

// pushFailed narrows the next request down. One act that fails alone is put
// off, so that the others go on.
func (c *Client) pushFailed(ops []data.Op, err error) (int, error) {
	var a *answerError
	if !errors.As(err, &a) || !a.ours() {
		return 0, err
	}
	if len(ops) == 1 {
		c.putOff(ops[0].ID, err)
		return 1, nil
	}
	c.outbox.batch = len(ops) / 2
	return 0, err
}

func (c *Client) putOff(id data.ID, err error) {
	d := c.outbox.later[id]
	d.until = c.o.Now().Add(d.tries.next(c.o.Random, err))
	c.outbox.later[id] = d
}

// nextBatch returns waiting acts, oldest first, without those put off.
func (c *Client) nextBatch(ctx context.Context) ([]data.Op, error) {
	waiting, err := c.o.Cache.Waiting(ctx, c.outbox.batch+len(c.outbox.later))
	if err != nil {
		return nil, fmt.Errorf("outbox: %w", err)
	}
	now, size := c.o.Now(), 0
	var ops []data.Op
	for _, op := range waiting {
		if d, ok := c.outbox.later[op.ID]; ok && now.Before(d.until) {
			continue
		}
		if size += len(op.Sealed); len(ops) == c.outbox.batch || size > maxBatchBytes && len(ops) > 0 {
			break
		}
		ops = append(ops, op)
	}
	return ops, nil
}

// settle records what the office said. An answer from before a change of epoch
// says nothing about the office as it is now.
func (c *Client) settle(ctx context.Context, resp data.OpsResponse, before string) (int, error) {
	c.epochMu.Lock()
	defer c.epochMu.Unlock()
	if c.epoch != before && c.epoch != resp.Epoch {
		return 0, data.Fail(codeBadAnswer, errors.New("ops: epoch changed meanwhile"))
	}
	if err := c.enter(ctx, resp.Epoch); err != nil {
		return 0, err
	}
	final := make([]data.OpResult, 0, len(resp.Results))
	for _, r := range resp.Results {
		if r.Status == data.OpRetry {
			c.putOff(r.ID, nil)
			continue
		}
		delete(c.outbox.later, r.ID)
		final = append(final, r)
	}
	if err := c.o.Cache.Acked(ctx, final, resp.Epoch, resp.DurableUpTo); err != nil {
		return 0, fmt.Errorf("outbox: %w", err)
	}
	poke(c.moved)
	return len(resp.Results), nil
}

// enter notes the office's epoch: a new one makes the outbox repeat all acts it
// still keeps. The caller holds epochMu.
func (c *Client) enter(ctx context.Context, epoch string) error {
	if epoch == c.epoch {
		return nil
	}
	if err := c.o.Cache.SetEpoch(ctx, epoch); err != nil {
		return fmt.Errorf("epoch: %w", err)
	}
	c.epoch = epoch
	c.Wake()
	return nil
}

// idle returns how long the push loop may rest when no act is enqueued.
func (o *outbox) idle(now time.Time) time.Duration {
	o.mu.Lock()
	defer o.mu.Unlock()
	rest := lastRetry
	for _, d := range o.later {
		rest = min(rest, max(d.until.Sub(now), leastRetry))
	}
	return rest
}

// count brings the number of waiting acts up to date.
func (c *Client) count(ctx context.Context) {
	n, err := c.o.Cache.Counts(ctx)
	if err == nil {
		c.update(func(s *Status) { s.Waiting = n.Waiting })
	}
}
