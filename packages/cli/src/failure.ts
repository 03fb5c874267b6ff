/** A failure that a person can mend: what is wrong, and what to do about it. Printed without a stack. */
export class Failure extends Error {
	readonly advice: string | undefined;

	constructor(problem: string, advice?: string, cause?: unknown) {
		super(problem, cause === undefined ? undefined : { cause });
		this.name = "Failure";
		this.advice = advice;
	}
}

/** The lines for the terminal. The stack of an unexpected error is shown when `debug` is set, since nothing else helps then. */
export function describeFailure(error: unknown, debug: boolean): string {
	if (error instanceof Failure) {
		const lines = [`berth: ${error.message}`, ...(error.advice ? [`  ${error.advice}`] : [])];
		return [...lines, ...(debug && error.cause instanceof Error ? [String(error.cause.stack)] : [])].join(
			"\n",
		);
	}
	if (error instanceof Error) {
		return debug ? `berth: ${error.stack}` : `berth: ${error.message || error.name}`;
	}
	return `berth: ${String(error)}`;
}
