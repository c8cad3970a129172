package sync

import (
	"context"

	"egmina/data"
)

// Refetch lets tests outside the package replace a bucket while acts are on
// their way.
func (c *Client) Refetch(ctx context.Context, bucket string) error {
	return c.refetch(ctx, bucket, data.Position{})
}
