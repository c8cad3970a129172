package printing

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	winspool     = windows.NewLazySystemDLL("winspool.drv")
	openPrinter  = winspool.NewProc("OpenPrinterW")
	closePrinter = winspool.NewProc("ClosePrinter")
	getPrinter   = winspool.NewProc("GetPrinterW")
	enumJobs     = winspool.NewProc("EnumJobsW")
	setJob       = winspool.NewProc("SetJobW")
)

const (
	errorInvalidPrinterName = windows.Errno(1801)
	jobControlDelete        = 5
	maxSpoolJobs            = 1000
)

// printerInfo2 is PRINTER_INFO_2W.
type printerInfo2 struct {
	_                                    [7]*uint16
	_                                    uintptr
	_                                    [4]*uint16
	_                                    uintptr
	attributes, _, _, _, _, status, _, _ uint32
}

// jobInfo1 is JOB_INFO_1W.
type jobInfo1 struct {
	id                            uint32
	_, _, _                       *uint16
	document                      *uint16
	_, _                          *uint16
	status, _, _, _, pagesPrinted uint32
	_                             windows.Systemtime
}

// winSpooler calls winspool.drv for one printer.
type winSpooler struct{ name string }

// NewWindows names a printer of the Windows spooler. SumatraPDF.exe lies beside this program, on the
// PATH, or where its installer puts it.
func NewWindows(printer string) (*Spool, error) {
	return newSpool(printer, findSumatra(), winSpooler{printer}, runTool)
}

const sumatraExe = "SumatraPDF.exe"

// findSumatra returns a full path, or "" when there is none.
func findSumatra() string {
	var places []string
	if self, err := os.Executable(); err == nil {
		places = append(places, filepath.Join(filepath.Dir(self), sumatraExe))
	}
	if found, err := exec.LookPath(sumatraExe); err == nil {
		places = append(places, found)
	}
	for _, v := range []string{"ProgramFiles", "ProgramFiles(x86)", "LOCALAPPDATA"} {
		places = append(places, filepath.Join(os.Getenv(v), "SumatraPDF", sumatraExe))
	}
	for _, p := range places {
		if info, err := os.Stat(p); err == nil && filepath.IsAbs(p) && info.Mode().IsRegular() {
			return p
		}
	}
	return ""
}

func (w winSpooler) with(use func(handle uintptr) error) error {
	name, err := windows.UTF16PtrFromString(w.name)
	if err != nil {
		return err
	}
	var handle uintptr
	ok, _, err := openPrinter.Call(uintptr(unsafe.Pointer(name)), uintptr(unsafe.Pointer(&handle)), 0)
	if ok == 0 {
		if errors.Is(err, errorInvalidPrinterName) {
			return errNoPrinter
		}
		return fmt.Errorf("OpenPrinter: %w", err)
	}
	defer closePrinter.Call(handle)
	return use(handle)
}

// buffer calls a spooler function twice: for the size it needs, and with a buffer that large. What was
// added meanwhile is met by another try.
func buffer(call func(buf *byte, size uint32, needed *uint32) (uintptr, error)) ([]byte, error) {
	var buf []byte
	for range 4 {
		var needed uint32
		ok, err := call(unsafe.SliceData(buf), uint32(len(buf)), &needed)
		if ok != 0 {
			return buf, nil
		}
		if !errors.Is(err, windows.ERROR_INSUFFICIENT_BUFFER) || needed > maxOutput {
			return nil, err
		}
		buf = make([]byte, needed+4096)
	}
	return nil, errOutput
}

func (w winSpooler) printer() (status, attributes uint32, err error) {
	err = w.with(func(h uintptr) error {
		buf, err := buffer(func(b *byte, size uint32, needed *uint32) (uintptr, error) {
			ok, _, err := getPrinter.Call(h, 2, uintptr(unsafe.Pointer(b)), uintptr(size), uintptr(unsafe.Pointer(needed)))
			return ok, err
		})
		if err != nil {
			return fmt.Errorf("GetPrinter: %w", err)
		}
		if len(buf) < int(unsafe.Sizeof(printerInfo2{})) {
			return fmt.Errorf("GetPrinter: %w", errSilent)
		}
		info := (*printerInfo2)(unsafe.Pointer(&buf[0]))
		status, attributes = info.status, info.attributes
		return nil
	})
	return status, attributes, err
}

func (w winSpooler) jobs() (jobs []spoolJob, err error) {
	err = w.with(func(h uintptr) error {
		var count uint32
		buf, err := buffer(func(b *byte, size uint32, needed *uint32) (uintptr, error) {
			ok, _, err := enumJobs.Call(h, 0, maxSpoolJobs, 1, uintptr(unsafe.Pointer(b)), uintptr(size),
				uintptr(unsafe.Pointer(needed)), uintptr(unsafe.Pointer(&count)))
			return ok, err
		})
		if err != nil {
			return fmt.Errorf("EnumJobs: %w", err)
		}
		if count == 0 {
			return nil
		}
		if len(buf) < int(count)*int(unsafe.Sizeof(jobInfo1{})) {
			return fmt.Errorf("EnumJobs: %w", errSilent)
		}
		for _, j := range unsafe.Slice((*jobInfo1)(unsafe.Pointer(&buf[0])), count) {
			jobs = append(jobs, spoolJob{j.id, windows.UTF16PtrToString(j.document), j.status, j.pagesPrinted})
		}
		return nil
	})
	return jobs, err
}

func (w winSpooler) remove(id uint32) error {
	return w.with(func(h uintptr) error {
		if ok, _, err := setJob.Call(h, uintptr(id), 0, 0, jobControlDelete); ok == 0 {
			return fmt.Errorf("SetJob: %w", err)
		}
		return nil
	})
}

// syncDir: NTFS keeps names in its journal; a directory cannot be flushed.
func syncDir(string) error { return nil }
