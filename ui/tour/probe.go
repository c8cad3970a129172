package tour

import (
	"context"
	"encoding/json"
	"fmt"
	"image"
	"io"
	"net"
	"time"
)

// View is what a window under a tour tells of itself: which screen it shows and
// what can be touched on it. It never holds what was typed.
type View struct {
	Screen  string            `json:"screen"`
	Title   string            `json:"title"`
	Busy    bool              `json:"busy"`
	Targets []Target          `json:"targets"`
	Facts   map[string]string `json:"facts"` // from the demonstration's office and printer
}

// Target is a thing to touch, in pixels of the window.
type Target struct {
	Label    string `json:"label"`
	Kind     string `json:"kind"`
	Focused  bool   `json:"focused,omitempty"`
	Disabled bool   `json:"disabled,omitempty"`
	X        int    `json:"x"`
	Y        int    `json:"y"`
	W        int    `json:"w"`
	H        int    `json:"h"`
}

// Centre is the point to touch.
func (t Target) Centre() image.Point { return image.Pt(t.X+t.W/2, t.Y+t.H/2) }

// maxView caps a view on its way through the socket.
const maxView = 1 << 20

// Serve answers every connection to the socket with the current view, until ctx
// ends. look is called on the caller's side and may wait for the UI goroutine.
func Serve(ctx context.Context, socket string, look func() View) error {
	l, err := (&net.ListenConfig{}).Listen(ctx, "unix", socket)
	if err != nil {
		return fmt.Errorf("probe: %w", err)
	}
	stop := context.AfterFunc(ctx, func() { l.Close() })
	go func() {
		defer stop()
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_ = c.SetDeadline(time.Now().Add(5 * time.Second))
			_ = json.NewEncoder(c).Encode(look())
			c.Close()
		}
	}()
	return nil
}

// ask reads the current view from a socket.
func ask(ctx context.Context, socket string) (View, error) {
	var v View
	c, err := (&net.Dialer{}).DialContext(ctx, "unix", socket)
	if err != nil {
		return v, err
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(5 * time.Second))
	err = json.NewDecoder(io.LimitReader(c, maxView)).Decode(&v)
	return v, err
}
