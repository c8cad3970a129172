package sync

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	gosync "sync"
	"time"

	"egmina/data"
	"egmina/data/cache"
)

// pollWait is how long the office is asked to hold a request without news.
const pollWait = 25 * time.Second

// rolledBack is an epoch that no office has: entering it and then the real one
// makes the outbox repeat its acts.
const rolledBack = "rolled back"

// pull fetches one page of a bucket, or its snapshot when there is nothing to
// continue from, and applies it. atHead: there is no more for now.
func (c *Client) pull(ctx context.Context, bucket string, wait time.Duration) (atHead bool, err error) {
	pos, err := c.o.Cache.Position(ctx, bucket)
	if err != nil {
		return false, fmt.Errorf("position: %w", err)
	}
	if pos.Epoch == "" {
		return true, c.refetch(ctx, bucket, pos)
	}
	page, err := c.getFeed(ctx, bucket, pos, wait)
	if errors.Is(err, errRefetch) {
		return true, c.refetch(ctx, bucket, pos)
	}
	if err != nil {
		return false, err
	}
	if err := c.met(ctx, page.Next.Epoch); err != nil {
		return false, err
	}
	if len(page.Changes) == 0 {
		return true, nil
	}
	if held, err := c.held(ctx, bucket); err != nil || held {
		return true, err
	}
	err = c.o.Cache.ApplyPage(ctx, page)
	if errors.Is(err, cache.ErrMustRefetch) {
		return true, c.refetch(ctx, bucket, pos)
	}
	if err == nil && bucket == data.BucketAccounts {
		poke(c.moved)
	}
	return page.AtHead, err
}

// refetch replaces a bucket by its snapshot. The outbox learns of a new epoch
// before the bucket does, so that a crash between the two repeats acts rather
// than forgetting to.
func (c *Client) refetch(ctx context.Context, bucket string, pos data.Position) error {
	snap, err := c.getSnapshot(ctx, bucket)
	if err != nil {
		return err
	}
	if pos.Epoch == snap.At.Epoch && snap.At.Seq < pos.Seq {
		if err := c.met(ctx, rolledBack); err != nil {
			return err
		}
	}
	if err := c.met(ctx, snap.At.Epoch); err != nil {
		return err
	}
	if held, err := c.held(ctx, bucket); err != nil || held {
		return err
	}
	if err := c.o.Cache.Replace(ctx, snap); err != nil {
		return err
	}
	if bucket == data.BucketAccounts {
		poke(c.moved)
	}
	return nil
}

// met notes the epoch of an answer.
func (c *Client) met(ctx context.Context, epoch string) error {
	c.epochMu.Lock()
	defer c.epochMu.Unlock()
	return c.enter(ctx, epoch)
}

// held reports whether a bucket must not move on: an account does not while it
// has acts on their way, or its resident would see them vanish.
func (c *Client) held(ctx context.Context, bucket string) (bool, error) {
	if !strings.HasPrefix(bucket, data.AccountBucket) {
		return false, nil
	}
	return c.o.Cache.WaitingIn(ctx, bucket)
}

// syncAccounts fetches the accounts that the directory says have moved and
// drops those it has no more.
func (c *Client) syncAccounts(ctx context.Context) error {
	stale, gone, err := c.staleAccounts(ctx)
	if err != nil {
		return err
	}
	for _, bucket := range gone {
		if err := c.o.Cache.Drop(ctx, bucket); err != nil {
			return err
		}
	}
	jobs := make(chan string)
	errs := make([]error, c.o.Parallel)
	var workers gosync.WaitGroup
	for i := range c.o.Parallel {
		workers.Go(func() {
			for bucket := range jobs {
				if errs[i] == nil {
					errs[i] = c.syncAccount(ctx, bucket)
				}
			}
		})
	}
	for _, bucket := range stale {
		jobs <- bucket
	}
	close(jobs)
	workers.Wait()
	return errors.Join(errs...)
}

func (c *Client) syncAccount(ctx context.Context, bucket string) error {
	for {
		if held, err := c.held(ctx, bucket); err != nil || held {
			return err
		}
		atHead, err := c.pull(ctx, bucket, 0)
		if errors.Is(err, errNoBucket) {
			return nil // deleted meanwhile: the directory will say so
		}
		if err != nil || atHead {
			return err
		}
	}
}

// staleAccounts compares the directory with the copies.
func (c *Client) staleAccounts(ctx context.Context) (stale, gone []string, err error) {
	heads, err := c.o.Cache.Heads(ctx)
	if err != nil {
		return nil, nil, err
	}
	have, err := c.o.Cache.Positions(ctx)
	if err != nil {
		return nil, nil, err
	}
	epoch := have[data.BucketAccounts].Epoch
	if epoch == "" {
		return nil, nil, nil
	}
	for blind, seq := range heads {
		bucket := data.AccountBucket + blind
		if p := have[bucket]; p.Seq < seq || p.Epoch != epoch {
			stale = append(stale, bucket)
		}
	}
	for bucket := range have {
		blind, ok := strings.CutPrefix(bucket, data.AccountBucket)
		if _, listed := heads[blind]; ok && !listed {
			gone = append(gone, bucket)
		}
	}
	slices.Sort(stale)
	slices.Sort(gone)
	return stale, gone, nil
}
