package main

import (
	"sync"
	"time"
)

const sides = 4 // producers and consumers where there are many

func perItem(since time.Time, count int) float64 {
	return float64(time.Since(since).Nanoseconds()) / float64(count)
}

// B1: tasks that do nothing, all started before the first is waited for.
func spawn() figure {
	count := scaled(1_000_000)
	begin := time.Now()
	var all sync.WaitGroup
	all.Add(count)
	nothing := func() { all.Done() }
	for i := 0; i < count; i++ {
		go nothing()
	}
	all.Wait()
	return figure{perItem(begin, count), int64(count)}
}

// B2: a round trip between two tasks.
func pingPong() figure {
	count := scaled(1_000_000)
	begin := time.Now()
	ping, pong := make(chan int), make(chan int)
	go func() {
		for v := range ping {
			pong <- v
		}
	}()
	sum := 0
	for i := 0; i < count; i++ {
		ping <- i
		sum += <-pong
	}
	close(ping)
	return figure{perItem(begin, count), int64(sum)}
}

func produce(out chan<- int, count int) {
	for i := 0; i < count; i++ {
		out <- i
	}
}

func consume(in <-chan int) int {
	sum := 0
	for v := range in {
		sum += v
	}
	return sum
}

// B3: items from one producer to one consumer.
func oneToOne() figure {
	count := scaled(5_000_000)
	begin := time.Now()
	items := make(chan int, 128)
	sum := make(chan int)
	go func() { sum <- consume(items) }()
	produce(items, count)
	close(items)
	check := int64(<-sum)
	return figure{perItem(begin, count), check}
}

// B4: four producers, four consumers, one channel.
func manyToMany(capacity int) figure {
	count := scaled(4_000_000)
	begin := time.Now()
	items := make(chan int, capacity)
	sums := make(chan int, sides)
	var producers sync.WaitGroup
	producers.Add(sides)
	for i := 0; i < sides; i++ {
		go func() { sums <- consume(items) }()
		go func() {
			produce(items, count/sides)
			producers.Done()
		}()
	}
	producers.Wait()
	close(items)
	sum := 0
	for i := 0; i < sides; i++ {
		sum += <-sums
	}
	return figure{perItem(begin, count), int64(sum)}
}

// B5: a select over four channels, each with a producer.
func selectOfFour(capacity int) figure {
	count := scaled(2_000_000)
	begin := time.Now()
	var channels [sides]chan int
	for i := range channels {
		channels[i] = make(chan int, capacity)
		go produce(channels[i], count/sides)
	}
	sum := 0
	for i := 0; i < count; i++ {
		select {
		case v := <-channels[0]:
			sum += v
		case v := <-channels[1]:
			sum += v
		case v := <-channels[2]:
			sum += v
		case v := <-channels[3]:
			sum += v
		}
	}
	return figure{perItem(begin, count), int64(sum)}
}

// A node of skynet: the sum of `size` numbers from `first` on, gathered by ten nodes below.
func node(out chan<- int, first, size int) {
	if size == 1 {
		out <- first
		return
	}
	below := make(chan int)
	for i := 0; i < 10; i++ {
		go node(below, first+i*size/10, size/10)
	}
	sum := 0
	for i := 0; i < 10; i++ {
		sum += <-below
	}
	out <- sum
}

// B7: skynet.
func skynet() figure {
	size := 1_000_000
	if quick {
		size = 10_000
	}
	begin := time.Now()
	result := make(chan int)
	go node(result, 0, size)
	sum := <-result
	return figure{perItem(begin, 1) / 1e6, int64(sum)}
}

// B9: two workers between two channels.
func workerPool() figure {
	const workers = 2
	count := scaled(2_000_000)
	begin := time.Now()
	tasks, results := make(chan uint64, 128), make(chan uint64, 128)
	var all sync.WaitGroup
	all.Add(workers)
	for i := 0; i < workers; i++ {
		go func() {
			for v := range tasks {
				results <- v
			}
			all.Done()
		}()
	}
	go func() {
		for i := 0; i < count; i++ {
			tasks <- uint64(i)
		}
		close(tasks)
		all.Wait()
		close(results)
	}()
	sum := uint64(0)
	for v := range results {
		sum += v
	}
	return figure{perItem(begin, count), int64(sum)}
}

const cutoff = 10 // below it a node of the tree is computed without tasks

func serialFibonacci(n int) int {
	if n < 2 {
		return n
	}
	return serialFibonacci(n-1) + serialFibonacci(n-2)
}

func parallelFibonacci(n int) int {
	if n < cutoff {
		return serialFibonacci(n)
	}
	left := make(chan int, 1)
	go func() { left <- parallelFibonacci(n - 1) }()
	right := parallelFibonacci(n - 2)
	return <-left + right
}

// B11: a task for each node of the tree of calls.
func fibonacci() figure {
	n := 38
	if quick {
		n = 28
	}
	begin := time.Now()
	result := parallelFibonacci(n)
	return figure{perItem(begin, 1) / 1e6, int64(result)}
}
