// Measure runs commands and tells what they took. It reads from stdin
//
//	{"pipelines": [[{"args": ["tar", "-c", "."], "cwd": "/source", "env": {"A": "b"}, "log": "/tmp/log"}, ...], ...]}
//
// The pipelines run at the same time; within one, stdout goes to the stdin of the next command. It writes to stdout
//
//	{"seconds": 1.5, "cpuSeconds": 2.1, "peakBytes": 12345, "exitCodes": [[0, 0], [0]]}
//
// seconds: from the first start to the last end; cpuSeconds: user and system, with children; peakBytes: the resident set of
// each at its peak, summed. It is small itself, as a forked process begins with the peak of its parent.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
	"time"
)

type command struct {
	Args []string          `json:"args"`
	Cwd  string            `json:"cwd"`
	Env  map[string]string `json:"env"`
	// File that gets stderr, and the stdout of the last of a pipeline.
	Log string `json:"log"`
}

type outcome struct {
	Seconds    float64 `json:"seconds"`
	CPUSeconds float64 `json:"cpuSeconds"`
	PeakBytes  int64   `json:"peakBytes"`
	ExitCodes  [][]int `json:"exitCodes"`
}

// The kernel ends what a thread started when that thread ends: all is started by the first, which lives as long as we do.
func init() { runtime.LockOSThread() }

func main() {
	var wanted struct{ Pipelines [][]command }
	if err := json.NewDecoder(os.Stdin).Decode(&wanted); err != nil {
		fail(err)
	}
	var result outcome
	began := time.Now()
	var started [][]*exec.Cmd
	for _, pipeline := range wanted.Pipelines {
		started = append(started, start(pipeline))
	}
	var waiting sync.WaitGroup
	for _, processes := range started {
		for _, process := range processes {
			waiting.Go(func() { process.Wait() }) // Exit codes are read below.
		}
	}
	waiting.Wait()
	result.Seconds = time.Since(began).Seconds()
	for _, processes := range started {
		codes := []int{}
		for _, process := range processes {
			state := process.ProcessState
			codes = append(codes, exitCode(state))
			result.CPUSeconds += (state.UserTime() + state.SystemTime()).Seconds()
			result.PeakBytes += state.SysUsage().(*syscall.Rusage).Maxrss * 1024
		}
		result.ExitCodes = append(result.ExitCodes, codes)
	}
	json.NewEncoder(os.Stdout).Encode(result)
}

func start(pipeline []command) []*exec.Cmd {
	var processes []*exec.Cmd
	var input *os.File
	for position, command := range pipeline {
		log, err := os.Create(command.Log)
		if err != nil {
			fail(err)
		}
		process := exec.Command(command.Args[0], command.Args[1:]...)
		process.Dir, process.Stderr, process.Stdout = command.Cwd, log, log
		process.Env = os.Environ()
		for name, value := range command.Env {
			process.Env = append(process.Env, name+"="+value)
		}
		// What is measured ends with us.
		process.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
		if input != nil {
			process.Stdin = input
		}
		var next, output *os.File
		if position < len(pipeline)-1 {
			if next, output, err = os.Pipe(); err != nil {
				fail(err)
			}
			process.Stdout = output
		}
		if err := process.Start(); err != nil {
			fail(err)
		}
		// Ours would keep the pipe open after the end of its writer or reader.
		for _, ours := range []*os.File{log, output, input} {
			if ours != nil {
				ours.Close()
			}
		}
		input = next
		processes = append(processes, process)
	}
	return processes
}

// exitCode gives that of a shell: 128 and the signal for one that was killed.
func exitCode(state *os.ProcessState) int {
	if status := state.Sys().(syscall.WaitStatus); status.Signaled() {
		return 128 + int(status.Signal())
	}
	return state.ExitCode()
}

func fail(reason error) {
	fmt.Fprintln(os.Stderr, "measure:", reason)
	os.Exit(1)
}
