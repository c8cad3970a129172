package tour

import (
	"fmt"
	"image"
	"io"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"
)

// hands are real key strokes, pointer moves and looks at the screen, made
// through the X server's own test extension: the window cannot tell them from a
// person's.
type hands struct {
	conn   *xgb.Conn
	root   xproto.Window
	screen *xproto.ScreenInfo
	codes  map[xproto.Keysym]stroke
	first  xproto.Keycode
}

type stroke struct {
	code  xproto.Keycode
	shift bool
}

// Key symbols of the X protocol (keysymdef.h).
const (
	keyTab     xproto.Keysym = 0xff09
	keyReturn  xproto.Keysym = 0xff0d
	keyEscape  xproto.Keysym = 0xff1b
	keyShift   xproto.Keysym = 0xffe1
	keyBack    xproto.Keysym = 0xff08
	keyHome    xproto.Keysym = 0xff50
	keyLeft    xproto.Keysym = 0xff51
	keyUp      xproto.Keysym = 0xff52
	keyRight   xproto.Keysym = 0xff53
	keyDown    xproto.Keysym = 0xff54
	keyPgUp    xproto.Keysym = 0xff55
	keyPgDown  xproto.Keysym = 0xff56
	keyEnd     xproto.Keysym = 0xff57
	keySpace   xproto.Keysym = 0x0020
	keyDelay                 = 12 * time.Millisecond
	shiftLevel               = 1
)

func newHands(display string) (*hands, error) {
	xgb.Logger.SetOutput(io.Discard) // it reports the end of every connection as a failure
	conn, err := xgb.NewConnDisplay(display)
	if err != nil {
		return nil, fmt.Errorf("display %s: %w", display, err)
	}
	if err := xtest.Init(conn); err != nil {
		conn.Close()
		return nil, fmt.Errorf("display %s has no XTEST: %w", display, err)
	}
	h := &hands{conn: conn, screen: xproto.Setup(conn).DefaultScreen(conn)}
	h.root = h.screen.Root
	if err := h.readKeyboard(); err != nil {
		conn.Close()
		return nil, err
	}
	return h, nil
}

func (h *hands) Close() { h.conn.Close() }

// size is the screen's, in pixels.
func (h *hands) size() (width, height int) {
	return int(h.screen.WidthInPixels), int(h.screen.HeightInPixels)
}

// readKeyboard learns which key, with or without Shift, gives which symbol.
func (h *hands) readKeyboard() error {
	setup := xproto.Setup(h.conn)
	h.first = setup.MinKeycode
	count := byte(setup.MaxKeycode - setup.MinKeycode + 1)
	m, err := xproto.GetKeyboardMapping(h.conn, h.first, count).Reply()
	if err != nil {
		return fmt.Errorf("keyboard mapping: %w", err)
	}
	h.codes = make(map[xproto.Keysym]stroke)
	per := int(m.KeysymsPerKeycode)
	for level := min(shiftLevel, per-1); level >= 0; level-- {
		for k := 0; k < int(count); k++ {
			if sym := m.Keysyms[k*per+level]; sym != 0 {
				h.codes[sym] = stroke{code: h.first + xproto.Keycode(k), shift: level == shiftLevel}
			}
		}
	}
	return nil
}

// Press strikes one key.
func (h *hands) Press(sym xproto.Keysym) error {
	s, ok := h.codes[sym]
	if !ok {
		return fmt.Errorf("this keyboard has no key for symbol %#x", uint32(sym))
	}
	if s.shift {
		h.fake(xproto.KeyPress, byte(h.codes[keyShift].code))
		defer h.fake(xproto.KeyRelease, byte(h.codes[keyShift].code))
	}
	h.fake(xproto.KeyPress, byte(s.code))
	h.fake(xproto.KeyRelease, byte(s.code))
	time.Sleep(keyDelay)
	return nil
}

// Type strikes the keys of a text of ASCII characters.
func (h *hands) Type(text string) error {
	for _, r := range text {
		if err := h.Press(xproto.Keysym(r)); err != nil {
			return err
		}
	}
	return nil
}

// Click presses the first button at a point of the screen.
func (h *hands) Click(p image.Point) {
	h.Move(p)
	h.fake(xproto.ButtonPress, 1)
	time.Sleep(30 * time.Millisecond)
	h.fake(xproto.ButtonRelease, 1)
	time.Sleep(keyDelay)
}

// Move puts the pointer at a point of the screen.
func (h *hands) Move(p image.Point) {
	xtest.FakeInput(h.conn, xproto.MotionNotify, 0, 0, h.root, int16(p.X), int16(p.Y), 0)
	h.conn.Sync()
	time.Sleep(keyDelay)
}

// Drag moves a pressed finger from one point to another.
func (h *hands) Drag(from, to image.Point) {
	const steps = 12
	h.Move(from)
	h.fake(xproto.ButtonPress, 1)
	for i := 1; i <= steps; i++ {
		h.Move(image.Pt(from.X+(to.X-from.X)*i/steps, from.Y+(to.Y-from.Y)*i/steps))
	}
	h.fake(xproto.ButtonRelease, 1)
	time.Sleep(keyDelay)
}

func (h *hands) fake(event, detail byte) {
	xtest.FakeInput(h.conn, event, detail, 0, h.root, 0, 0, 0)
	h.conn.Sync()
}

// Look takes a picture of the whole screen.
func (h *hands) Look() (*image.RGBA, error) {
	w, ht := int(h.screen.WidthInPixels), int(h.screen.HeightInPixels)
	img := image.NewRGBA(image.Rect(0, 0, w, ht))
	const band = 128 // an answer of the X server has a size limit
	for y := 0; y < ht; y += band {
		rows := min(band, ht-y)
		got, err := xproto.GetImage(h.conn, xproto.ImageFormatZPixmap, xproto.Drawable(h.root), 0, int16(y), uint16(w), uint16(rows), ^uint32(0)).Reply()
		if err != nil {
			return nil, fmt.Errorf("screenshot: %w", err)
		}
		copyBGRX(img, y, got.Data)
	}
	return img, nil
}

func copyBGRX(img *image.RGBA, y int, src []byte) {
	dst := img.Pix[y*img.Stride:]
	for i := 0; i+3 < len(src) && i+3 < len(dst); i += 4 {
		dst[i], dst[i+1], dst[i+2], dst[i+3] = src[i+2], src[i+1], src[i], 0xff
	}
}
