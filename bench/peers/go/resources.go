package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"sort"
	"sync"
	"syscall"
	"time"
)

// Processor time of the process, in seconds.
func cpuSeconds() float64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	seconds := usage.Utime.Sec + usage.Stime.Sec
	return float64(seconds) + float64(usage.Utime.Usec+usage.Stime.Usec)/1e6
}

func residentBytes() int {
	file, err := os.Open("/proc/self/statm")
	if err != nil {
		panic(err)
	}
	defer file.Close()
	var pages, resident int
	if _, err := fmt.Fscan(file, &pages, &resident); err != nil {
		panic(err)
	}
	return resident * os.Getpagesize()
}

// B6: memory of a task that is parked on a receive.
func parked() figure {
	count := scaled(1_000_000)
	debug.FreeOSMemory()
	before := residentBytes()
	never := make(chan int)
	var all sync.WaitGroup
	all.Add(count)
	for i := 0; i < count; i++ {
		go func() {
			all.Done()
			<-never
		}()
	}
	all.Wait()
	bytes := float64(residentBytes()-before) / float64(count)
	close(never)
	return figure{bytes, int64(count)}
}

// B10: processor time of many tasks that sleep for 1 to 1000 ms.
func sleepers() figure {
	count := scaled(1_000_000)
	before := cpuSeconds()
	var all sync.WaitGroup
	all.Add(count)
	draw := uint64(1)
	sum := int64(0)
	for i := 0; i < count; i++ {
		draw = draw*6364136223846793005 + 1442695040888963407
		milliseconds := 1 + draw>>33%1000
		sum += int64(milliseconds)
		pause := time.Duration(milliseconds) * time.Millisecond
		go func() {
			time.Sleep(pause)
			all.Done()
		}()
	}
	all.Wait()
	return figure{cpuSeconds() - before, sum}
}

// B12: processor time of a runtime that has worked and has nothing to do, in ms per second.
func idle() figure {
	spawn()
	time.Sleep(200 * time.Millisecond)
	pause := time.Duration(scaled(3_000)) * time.Millisecond
	before := cpuSeconds()
	time.Sleep(pause)
	return figure{(cpuSeconds() - before) / pause.Seconds() * 1e3, 1}
}

// W1: from the send of a thread that is no processor's until the task runs, in an idle runtime. Go
// has no foreign threads: the nearest to one is a goroutine with a thread of its own, in a system
// call.
func wake() figure {
	count := scaled(200)
	sent := make(chan time.Time, count)
	go func() {
		runtime.LockOSThread()
		for i := 0; i < count; i++ {
			pause := syscall.NsecToTimespec(5_000_000)
			syscall.Nanosleep(&pause, nil)
			sent <- time.Now()
		}
		close(sent)
	}()
	var waits []float64
	for at := range sent {
		waits = append(waits, float64(time.Since(at).Nanoseconds()))
	}
	sort.Float64s(waits)
	return figure{waits[len(waits)/2], int64(len(waits))}
}
