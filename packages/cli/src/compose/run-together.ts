/** Parts that live and end together: when one fails, the others are told to stop, and its error is thrown at the end. */
export async function runTogether(
	parts: readonly ((signal: AbortSignal) => Promise<unknown>)[],
	signal: AbortSignal,
): Promise<void> {
	const failure = new AbortController();
	const either = AbortSignal.any([signal, failure.signal]);
	const outcomes = await Promise.allSettled(
		parts.map(async (part) => {
			try {
				await part(either);
			} catch (error) {
				failure.abort(error);
				throw error;
			}
		}),
	);
	// The first to fail is the reason; what the others said while stopping is not.
	if (failure.signal.aborted) throw failure.signal.reason;
	for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
}
