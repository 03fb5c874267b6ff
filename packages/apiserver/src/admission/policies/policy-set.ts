/** Policies and their bindings made ready for use: once for each of their revisions, in the order of their names. */
import type { KubeObject, MatchResources, ParamKind, ParamRef } from "@berth/api";
import type { Cached, ResourceCache } from "../../store/objects.ts";
import { type Matcher, matcherOf } from "./match.ts";
import { compilePolicy, type Programs } from "./programs.ts";

interface PolicyObject extends KubeObject {
	readonly spec: Parameters<typeof compilePolicy>[0] & {
		readonly matchConstraints?: MatchResources | undefined | null;
		readonly failurePolicy?: string | undefined | null;
		readonly reinvocationPolicy?: string | undefined;
	};
}

interface BindingObject extends KubeObject {
	readonly spec: {
		readonly policyName?: string | undefined;
		readonly paramRef?: ParamRef | undefined | null;
		readonly matchResources?: MatchResources | undefined | null;
		readonly validationActions?: readonly string[] | undefined;
	};
}

export interface Binding {
	readonly name: string;
	readonly matcher: Matcher;
	readonly paramRef: ParamRef | undefined | null;
	readonly actions: readonly string[];
}

export interface Policy {
	readonly name: string;
	readonly matcher: Matcher;
	readonly paramKind: ParamKind | undefined | null;
	readonly programs: Programs;
	/** What cannot be evaluated lets the request pass. */
	readonly failOpen: boolean;
	/** It wants to see again what others have changed after it. */
	readonly again: boolean;
	/** At least one: a policy without bindings does nothing. */
	readonly bindings: readonly Binding[];
}

/** The policies that do something. The same array until one of the objects changes. */
export function createPolicySet(
	policies: ResourceCache<PolicyObject>,
	bindings: ResourceCache<BindingObject>,
): () => readonly Policy[] {
	const compiled = new WeakMap<Cached<PolicyObject>, Omit<Policy, "bindings">>();
	const bound = new WeakMap<Cached<BindingObject>, Binding>();
	let seen: readonly (readonly Cached[])[] = [[], []];
	let set: readonly Policy[] = [];
	return () => {
		const present = [policies.list(), bindings.list()] as const;
		if (present.every((items, index) => same(items, seen[index] ?? []))) return set;
		seen = present;
		set = present[0].flatMap((item) => {
			const own = present[1].filter(({ object }) => object.spec.policyName === item.object.metadata.name);
			if (!own.length) return [];
			const policy = remembered(compiled, item, policyOf);
			return [{ ...policy, bindings: own.map((binding) => remembered(bound, binding, bindingOf)) }];
		});
		return set;
	};
}

const same = (a: readonly unknown[], b: readonly unknown[]): boolean =>
	a.length === b.length && a.every((item, index) => item === b[index]);

function remembered<T extends KubeObject, V>(
	known: WeakMap<Cached<T>, V>,
	item: Cached<T>,
	make: (object: T) => V,
): V {
	const value = known.get(item) ?? make(item.object);
	known.set(item, value);
	return value;
}

const policyOf = ({ metadata, spec }: PolicyObject): Omit<Policy, "bindings"> => ({
	name: metadata.name,
	matcher: matcherOf(spec.matchConstraints),
	paramKind: spec.paramKind,
	programs: compilePolicy(spec),
	failOpen: spec.failurePolicy === "Ignore",
	again: spec.reinvocationPolicy === "IfNeeded",
});

const bindingOf = ({ metadata, spec }: BindingObject): Binding => ({
	name: metadata.name,
	matcher: matcherOf(spec.matchResources),
	paramRef: spec.paramRef,
	actions: spec.validationActions ?? [],
});
