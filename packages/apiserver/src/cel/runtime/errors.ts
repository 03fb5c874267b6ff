/** What goes wrong while an expression runs. */

/** An error of the expression itself (`no such key: foo`): `||`, `&&`, `all` and `exists` may still find an answer. */
export class CelError extends Error {
	override readonly name: string = "CelError";
}

/** Too much was asked for: nothing catches this, the whole evaluation ends. */
export class CelCostError extends Error {
	override readonly name = "CelCostError";
	/** One call had too much of its own, or all calls together have used up what they share. */
	readonly limit: "call" | "budget";

	constructor(limit: "call" | "budget") {
		super(
			limit === "call"
				? "operation cancelled: actual cost limit exceeded"
				: "validation failed due to running out of cost budget, no further validation rules will be run",
		);
		this.limit = limit;
	}
}

export const noSuchOverload = (): CelError => new CelError("no such overload");
export const noSuchKey = (key: unknown): CelError => new CelError(`no such key: ${String(key)}`);
