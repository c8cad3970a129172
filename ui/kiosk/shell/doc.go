// Package shell is the frame of the lobby: router, the resident's session, idle
// timer, top and bottom bar, notices and the docked on-screen keyboard.
//
// A screen is a value that keeps its state and draws it:
//
//	type Card struct {
//		src  Source            // the small interface it needs
//		slug string
//		card *data.Procedure   // nil until loaded
//		err  error
//	}
//
//	func (s *Card) Name() string { return "procedures.card" }
//
//	func (s *Card) View(c *shell.Ctx) shell.View {
//		if s.card == nil && s.err == nil {
//			shell.Run(c, func(ctx context.Context) (*data.Procedure, error) { return s.src.Procedure(ctx, s.slug) },
//				func(p *data.Procedure, err error) { s.card, s.err = p, err; c.Refresh() })
//			return shell.View{Title: c.T("procedures.wait")}
//		}
//		if s.err != nil {
//			return shell.View{Title: c.T("procedures.card"), Body: kit.Empty("warning", c.Err(s.err), "")}
//		}
//		return shell.View{
//			Title: s.card.Title.In(c.Lang),
//			Body:  kit.Stack(…),
//			Actions: []shell.Action{{Label: c.T("procedures.fill"), Icon: "arrow-right", Kind: kit.ButtonPrimary,
//				Do: func() { c.Push(s.open(s.card)) }}},
//		}
//	}
//
// View runs again after every change of language, palette, text size or window
// shape: start jobs only when the state says that they are still needed (a job
// that runs twice must do no harm), and read what to show from the screen value.
//
// Back is bottom left, the primary action bottom right, Zakończ top right. Escape
// is Back; Tab goes in reading order; Enter and Space press. What a session must
// leave nothing of is registered with c.Session().OnEnd.
//
// In tests: Config{Dispatch: inline, Go: inline, Clock: fake} with
// inline = func(f func()) { f() }: jobs are then done before View returns.
package shell
