// The whole program of a pod's first process, for Linux on arm64. See pause-amd64.S for what it does and why.
	.globl _start
	.text
_start:
	mov	x8, #134		// rt_sigaction(SIGCHLD, SIG_IGN)
	mov	x0, #17
	adr	x1, ignore
	mov	x2, #0
	mov	x3, #8
	svc	#0
	mov	x8, #135		// rt_sigprocmask(SIG_BLOCK, SIGINT | SIGTERM)
	mov	x0, #0
	adr	x1, signals
	mov	x2, #0
	mov	x3, #8
	svc	#0
wait:
	mov	x8, #137		// rt_sigtimedwait(SIGINT | SIGTERM, no details, no timeout)
	adr	x0, signals
	mov	x1, #0
	mov	x2, #0
	mov	x3, #8
	svc	#0
	cmp	x0, #0
	b.le	wait			// interrupted by something else
	mov	x8, #94			// exit_group(0)
	mov	x0, #0
	svc	#0

	.balign	8
signals:
	.quad	0x4002			// bits 2 - 1 and 15 - 1
ignore:
	.quad	1, 0, 0, 0		// handler SIG_IGN, flags, restorer, mask
