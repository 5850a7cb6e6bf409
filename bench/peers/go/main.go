// The shapes of the comparison in Go: one process measures one of them once.
//
//	go_shapes SHAPE PROCESSORS [--quick]
//
// prints the shape, its figure and a checksum that all peers must agree on. Each shape runs twice
// and the second run counts, so that nobody pays for the first touch of memory; those that measure
// memory or processor time run once. The shapes are those of the weir program beside this one, in
// Go's own idiom.
package main

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
)

// What a shape has measured, and proof that it did the work.
type figure struct {
	value float64
	check int64
}

type shape struct {
	runs    int
	measure func() figure
}

var quick = false

// What is left of a count in a run that only shows that nothing is broken.
func scaled(count int) int {
	if quick {
		return count / 50
	}
	return count
}

var shapes = map[string]shape{
	"B1":  {2, spawn},
	"B2":  {2, pingPong},
	"B3":  {2, oneToOne},
	"B4":  {2, func() figure { return manyToMany(128) }},
	"B4u": {2, func() figure { return manyToMany(0) }},
	"B5":  {2, func() figure { return selectOfFour(0) }},
	"B5b": {2, func() figure { return selectOfFour(128) }},
	"B6":  {1, parked},
	"B7":  {2, skynet},
	"B8":  {2, balancer},
	"B9":  {2, workerPool},
	"B10": {1, sleepers},
	"B11": {2, fibonacci},
	"B12": {1, idle},
	"W1":  {1, wake},
}

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: go_shapes SHAPE PROCESSORS [--quick]")
		os.Exit(2)
	}
	chosen, known := shapes[os.Args[1]]
	processors, err := strconv.Atoi(os.Args[2])
	if !known || err != nil || processors < 1 {
		fmt.Fprintln(os.Stderr, "go_shapes: no such shape or number of processors")
		os.Exit(2)
	}
	quick = len(os.Args) > 3 && os.Args[3] == "--quick"
	runtime.GOMAXPROCS(processors)
	var result figure
	for i := 0; i < chosen.runs; i++ {
		result = chosen.measure()
	}
	fmt.Printf("%s %.9g %d\n", os.Args[1], result.value, result.check)
}
