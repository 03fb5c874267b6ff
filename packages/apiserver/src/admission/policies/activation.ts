/** The values that a policy's expressions see of one request. */
import { type KubeObject, Namespace } from "@berth/api";
import type { Authorizer } from "../../auth/auth.ts";
import { type CelBudget, CelError, type CelType, type CelValue } from "../../cel/cel.ts";
import { AuthorizerValue, ResourceCheckValue } from "../../cel/library/authorizers.ts";
import { ObjectValue } from "../../cel/runtime/values.ts";
import type { Objects } from "../../store/objects.ts";
import type { AdmissionRequest } from "../admission.ts";
import { requestAttributes } from "../request-attributes.ts";
import type { Shown } from "../versions.ts";
import { variablesType } from "./environment.ts";
import type { CompiledVariable, Programs } from "./programs.ts";

export interface ActivationSource {
	readonly objects: Objects;
	readonly authorizer: Authorizer;
}

/** Values by variable name, without `params` and `variables`. */
export type Activation = Readonly<Record<string, unknown>>;

/** What match conditions of webhooks see, too. */
export function requestActivation(
	authorizer: Authorizer,
	request: AdmissionRequest,
	shown: Shown,
): Activation {
	const asking = new AuthorizerValue(authorizer, request.user);
	return {
		object: shown.object ?? null,
		oldObject: shown.old ?? null,
		request: requestAttributes(request, shown.kind),
		authorizer: asking,
		"authorizer.requestResource": new ResourceCheckValue(asking, {
			group: request.kind.group,
			resource: request.kind.plural,
			subresource: request.subresource,
			namespace: request.namespace,
			name: request.name || undefined,
		}),
	};
}

export function policyActivation(
	{ objects, authorizer }: ActivationSource,
	request: AdmissionRequest,
	shown: Shown,
): Activation {
	return { ...requestActivation(authorizer, request, shown), namespaceObject: namespaceOf(objects, request) };
}

/** A namespace itself is in none. */
function namespaceOf(objects: Objects, { kind, namespace }: AdmissionRequest): unknown {
	if (namespace === undefined || kind === Namespace) return null;
	const found: KubeObject | undefined = objects.of(Namespace).get(namespace)?.object;
	if (!found) return null;
	const { uid, ...metadata } = found.metadata;
	return { ...found, metadata: { ...metadata, UID: uid } };
}

/** Completes the values with the parameters and with variables, each evaluated when it is first used. */
export function withVariables(
	activation: Activation,
	programs: Programs,
	{ params, budget }: { readonly params: unknown; readonly budget: CelBudget },
): Activation {
	const values: Record<string, unknown> = { ...activation, params };
	values.variables = new Variables(programs, values, budget);
	return values;
}

class Variables extends ObjectValue {
	readonly type: Extract<CelType, { kind: "object" }>;
	readonly #variables: ReadonlyMap<string, CompiledVariable>;
	readonly #activation: Activation;
	readonly #budget: CelBudget;
	readonly #known = new Map<string, CelValue | CelError>();

	constructor(programs: Programs, activation: Activation, budget: CelBudget) {
		super();
		this.type = variablesType(programs.types);
		this.#variables = new Map(programs.variables.map((variable) => [variable.name, variable]));
		this.#activation = activation;
		this.#budget = budget;
	}

	get(name: string): CelValue | undefined {
		const known = this.#known.get(name) ?? this.#evaluate(name);
		if (known === undefined) return undefined;
		this.#known.set(name, known);
		if (known instanceof CelError) throw known;
		return known;
	}

	#evaluate(name: string): CelValue | CelError | undefined {
		const variable = this.#variables.get(name);
		if (!variable) return undefined;
		const { program } = variable;
		if (program instanceof Error)
			return new CelError(`composited variable ${JSON.stringify(name)} fails to compile: ${program.message}`);
		try {
			return program.evaluate(this.#activation, this.#budget);
		} catch (error) {
			if (!(error instanceof CelError)) throw error;
			return new CelError(`composited variable ${JSON.stringify(name)} fails to evaluate: ${error.message}`);
		}
	}

	fields(): readonly string[] {
		return [...this.#variables.keys()];
	}
}
