/** Webhook configurations made ready for use: once for each of their revisions, in the order in which they run. */
import {
	type KubeObject,
	type MutatingWebhook,
	type RuleWithOperations,
	type Selector,
	selectorOf,
	type ValidatingWebhook,
} from "@berth/api";
import type { ClientConfig } from "../../http/outbound/client-config.ts";
import type { Cached, ResourceCache } from "../../store/objects.ts";
import { CONDITION_ENVIRONMENT } from "../policies/environment.ts";
import { type CompiledCondition, compileConditions } from "../policies/programs.ts";

export interface Hook {
	readonly name: string;
	/** Name of the configuration that it is in. */
	readonly configuration: string;
	readonly clientConfig: ClientConfig;
	readonly rules: readonly RuleWithOperations[];
	/** Rules also mean other versions of the objects that they name. */
	readonly equivalent: boolean;
	readonly namespaceSelector: Selector;
	readonly objectSelector: Selector;
	readonly conditions: readonly CompiledCondition[];
	/** A webhook that cannot be asked lets the request pass. */
	readonly failOpen: boolean;
	readonly timeoutSeconds: number;
	/** It may be asked about dry runs. */
	readonly dryRuns: boolean;
	/** In order of preference. */
	readonly reviewVersions: readonly string[];
	/** It wants to see again what others have changed after it. */
	readonly again: boolean;
}

export interface Configuration extends KubeObject {
	readonly webhooks?: readonly (MutatingWebhook | ValidatingWebhook)[] | undefined;
}

const DEFAULT_TIMEOUT = 10;
const WITHOUT_EFFECTS: readonly string[] = ["None", "NoneOnDryRun"];

/** The hooks of all configurations, by the configurations' names. The same array until one of them changes. */
export function createHooks(cache: ResourceCache<Configuration>): () => readonly Hook[] {
	const ready = new WeakMap<Cached<Configuration>, readonly Hook[]>();
	let items: readonly Cached<Configuration>[] = [];
	let hooks: readonly Hook[] = [];
	const hooksOf = (item: Cached<Configuration>): readonly Hook[] => {
		const { metadata, webhooks = [] } = item.object;
		const made = ready.get(item) ?? webhooks.map((webhook) => hookOf(metadata.name, webhook));
		ready.set(item, made);
		return made;
	};
	return () => {
		const present = cache.list();
		if (present.length !== items.length || present.some((item, index) => item !== items[index])) {
			items = present;
			hooks = present.flatMap(hooksOf);
		}
		return hooks;
	};
}

function hookOf(configuration: string, webhook: MutatingWebhook | ValidatingWebhook): Hook {
	return {
		name: webhook.name,
		configuration,
		clientConfig: webhook.clientConfig,
		rules: webhook.rules ?? [],
		equivalent: webhook.matchPolicy !== "Exact",
		namespaceSelector: selectorOf(webhook.namespaceSelector ?? {}),
		objectSelector: selectorOf(webhook.objectSelector ?? {}),
		conditions: compileConditions(webhook.matchConditions ?? [], CONDITION_ENVIRONMENT),
		failOpen: webhook.failurePolicy === "Ignore",
		timeoutSeconds: webhook.timeoutSeconds ?? DEFAULT_TIMEOUT,
		dryRuns: WITHOUT_EFFECTS.includes(webhook.sideEffects ?? ""),
		reviewVersions: webhook.admissionReviewVersions,
		again: "reinvocationPolicy" in webhook && webhook.reinvocationPolicy === "IfNeeded",
	};
}
