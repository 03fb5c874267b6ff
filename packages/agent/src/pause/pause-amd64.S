# The whole program of a pod's first process, for Linux on amd64. No libraries, one page.
# It holds the pod's namespaces, lets the kernel reap orphans (SIGCHLD ignored) and leaves on SIGTERM or SIGINT.
# Those two are blocked and waited for: for process 1 of a PID namespace an unblocked default is dropped by the kernel.
	.globl _start
	.text
_start:
	mov	$13, %eax		# rt_sigaction(SIGCHLD, SIG_IGN)
	mov	$17, %edi
	lea	ignore(%rip), %rsi
	xor	%edx, %edx
	mov	$8, %r10d
	syscall
	mov	$14, %eax		# rt_sigprocmask(SIG_BLOCK, SIGINT | SIGTERM)
	xor	%edi, %edi
	lea	signals(%rip), %rsi
	xor	%edx, %edx
	mov	$8, %r10d
	syscall
wait:
	mov	$128, %eax		# rt_sigtimedwait(SIGINT | SIGTERM, no details, no timeout)
	lea	signals(%rip), %rdi
	xor	%esi, %esi
	xor	%edx, %edx
	mov	$8, %r10d
	syscall
	test	%eax, %eax
	jle	wait			# interrupted by something else
	mov	$231, %eax		# exit_group(0)
	xor	%edi, %edi
	syscall

	.balign	8
signals:
	.quad	0x4002			# bits 2 - 1 and 15 - 1
ignore:
	.quad	1, 0, 0, 0		# handler SIG_IGN, flags, restorer, mask
