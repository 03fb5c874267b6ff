/** An object that an expression made: `Object{spec: …}`. */
import type { ObjectOf } from "../language/types.ts";
import { type CelValue, ObjectValue } from "./values.ts";

export class StructValue extends ObjectValue {
	readonly type: ObjectOf;
	readonly #fields: ReadonlyMap<string, CelValue>;

	constructor(type: ObjectOf, fields: ReadonlyMap<string, CelValue>) {
		super();
		this.type = type;
		this.#fields = fields;
	}

	get(name: string): CelValue | undefined {
		return this.#fields.get(name);
	}

	fields(): readonly string[] {
		return [...this.#fields.keys()];
	}
}
