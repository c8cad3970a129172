package printing

// Bits of PRINTER_INFO_2.Status and .Attributes, and of JOB_INFO_1.Status (winspool.h). They are masks: a
// printer sets several at once.
const (
	statusPaused           = 0x1
	statusError            = 0x2
	statusPendingDeletion  = 0x4
	statusPaperJam         = 0x8
	statusPaperOut         = 0x10
	statusManualFeed       = 0x20
	statusPaperProblem     = 0x40
	statusOffline          = 0x80
	statusBusy             = 0x200
	statusPrinting         = 0x400
	statusOutputBinFull    = 0x800
	statusNotAvailable     = 0x1000
	statusProcessing       = 0x4000
	statusTonerLow         = 0x20000
	statusNoToner          = 0x40000
	statusPagePunt         = 0x80000
	statusUserIntervention = 0x100000
	statusOutOfMemory      = 0x200000
	statusDoorOpen         = 0x400000
	statusServerUnknown    = 0x800000
	statusServerOffline    = 0x2000000

	attributeWorkOffline = 0x400

	jobPaused           = 0x1
	jobError            = 0x2
	jobDeleting         = 0x4
	jobSpooling         = 0x8
	jobPrinting         = 0x10
	jobOffline          = 0x20
	jobPaperOut         = 0x40
	jobPrinted          = 0x80
	jobDeleted          = 0x100
	jobBlocked          = 0x200
	jobUserIntervention = 0x400
	jobComplete         = 0x1000
)

// bit gives one status bit its meaning.
type bit struct {
	mask uint32
	code string
}

var statusBits = []bit{
	{statusPaperJam, CodeJam}, {statusPaperOut, CodePaperEmpty}, {statusPaperProblem, CodePaperEmpty},
	{statusManualFeed, CodePaperEmpty}, {statusDoorOpen, CodeDoorOpen}, {statusNoToner, CodeTonerEmpty},
	{statusOffline, CodeGone}, {statusNotAvailable, CodeGone}, {statusServerUnknown, CodeGone},
	{statusServerOffline, CodeGone}, {statusPendingDeletion, CodeGone}, {statusPaused, CodeStopped},
	{statusError, CodeAttention}, {statusOutputBinFull, CodeAttention}, {statusPagePunt, CodeAttention},
	{statusUserIntervention, CodeAttention}, {statusOutOfMemory, CodeAttention},
}

var jobBits = []bit{
	{jobPaperOut, CodePaperEmpty}, {jobOffline, CodeGone}, {jobPaused, CodeStopped},
	{jobError, CodeAttention}, {jobBlocked, CodeAttention}, {jobUserIntervention, CodeAttention},
}

func meanings(table []bit, status uint32) []string {
	var out []string
	for _, b := range table {
		if status&b.mask != 0 {
			out = append(out, b.code)
		}
	}
	return rank(out)
}

func spoolState(status, attributes uint32) State {
	s := State{Problems: meanings(statusBits, status), Busy: status&(statusBusy|statusPrinting|statusProcessing) != 0}
	if attributes&attributeWorkOffline != 0 {
		s.Problems = rank(append(s.Problems, CodeGone))
	}
	if status&statusTonerLow != 0 {
		s.Notices = append(s.Notices, "toner-low")
	}
	return s
}

func spoolJobProblems(status uint32) []string { return meanings(jobBits, status) }

// spoolPhase reads a job's bits, what ended it first. A job that is being deleted counts as
// cancelled: nothing can bring it back.
func spoolPhase(status uint32) JobPhase {
	switch {
	case status&(jobDeleting|jobDeleted) != 0:
		return JobCancelled
	case status&(jobPrinted|jobComplete) != 0:
		return JobDone
	case status&(jobError|jobOffline|jobPaperOut|jobBlocked|jobUserIntervention) != 0:
		return JobStopped
	case status&jobPaused != 0:
		return JobHeld
	case status&jobPrinting != 0:
		return JobPrinting
	default:
		return JobWaiting
	}
}
