package procedures

import (
	"egmina/ui/kiosk/parts"
	"egmina/ui/kiosk/shell"
	"egmina/ui/kit"
	"egmina/ui/theme"
)

type formList struct{ n *Needs }

// Forms is the list of every form there is, to fill in or to print empty.
func Forms(n *Needs) shell.Screen { return &formList{n} }

// Name is part of shell.Screen.
func (s *formList) Name() string { return "forms" }

// View is part of shell.Screen.
func (s *formList) View(c *shell.Ctx) shell.View {
	all := s.n.Content().Forms
	v := shell.View{Title: c.T("procedures.all_forms"), Lead: c.T("procedures.all_forms_lead"), Wide: true}
	if len(all) == 0 {
		v.Body = empty(c, s.n)
		return v
	}
	columns := 2
	if parts.OneColumn(c) {
		columns = 1
	}
	v.Body = kit.Column(0, kit.Grid(columns, theme.Size(theme.Gap), formRows(c, s.n, all)...))
	return v
}
