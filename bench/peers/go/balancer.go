package main

import (
	"container/heap"
	"sync"
	"time"
)

// B8: the load balancer of Rob Pike's talk "Concurrency is not parallelism" (2012), with requests
// that cost nothing, so that only the passing on is left.

const requesters, workers = 100, 10

type request struct {
	work  func() int
	reply chan int
}

type worker struct {
	requests chan request
	pending  int
	place    int // in the heap
}

func (w *worker) serve(done chan<- *worker) {
	for r := range w.requests {
		r.reply <- r.work()
		done <- w
	}
}

// The workers, the least loaded one first.
type pool []*worker

func (p pool) Len() int           { return len(p) }
func (p pool) Less(i, j int) bool { return p[i].pending < p[j].pending }
func (p pool) Swap(i, j int) {
	p[i], p[j] = p[j], p[i]
	p[i].place, p[j].place = i, j
}
func (p *pool) Push(x any) {
	w := x.(*worker)
	w.place = len(*p)
	*p = append(*p, w)
}
func (p *pool) Pop() any {
	last := len(*p) - 1
	w := (*p)[last]
	*p = (*p)[:last]
	return w
}

func balance(p *pool, requests <-chan request, done <-chan *worker, quit <-chan struct{}) {
	for {
		select {
		case r := <-requests:
			w := heap.Pop(p).(*worker)
			w.requests <- r
			w.pending++
			heap.Push(p, w)
		case w := <-done:
			w.pending--
			heap.Remove(p, w.place)
			heap.Push(p, w)
		case <-quit:
			return
		}
	}
}

func one() int { return 1 }

func ask(requests chan<- request, count int) int {
	replies := make(chan int)
	sum := 0
	for i := 0; i < count; i++ {
		requests <- request{one, replies}
		sum += <-replies
	}
	return sum
}

func balancer() figure {
	each := scaled(20_000)
	requests, quit := make(chan request), make(chan struct{})
	done := make(chan *worker, workers)
	p := &pool{}
	var all []*worker
	for i := 0; i < workers; i++ {
		w := &worker{requests: make(chan request, requesters)}
		all = append(all, w)
		heap.Push(p, w)
		go w.serve(done)
	}
	go balance(p, requests, done, quit)

	begin := time.Now()
	sums := make([]int, requesters)
	var asking sync.WaitGroup
	asking.Add(requesters)
	for i := range sums {
		i := i
		go func() {
			sums[i] = ask(requests, each)
			asking.Done()
		}()
	}
	asking.Wait()
	seconds := time.Since(begin).Seconds()

	close(quit)
	for _, w := range all {
		close(w.requests)
	}
	sum := 0
	for _, s := range sums {
		sum += s
	}
	return figure{float64(sum) / seconds, int64(sum)}
}
