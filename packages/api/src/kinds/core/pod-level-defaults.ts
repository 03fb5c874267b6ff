/** Defaults of `spec.resources`: what the pod as a whole asks for, where only part of it is said. */
import { aggregateResources, isPodLevelResource } from "./pod-resources.ts";
import type { PodSpec } from "./pod-spec.ts";

type Quantities = Readonly<Record<string, string>>;

/** Completes pod-level requests and huge page limits. Runs after the containers' own defaults. */
export function defaultPodLevelResources(spec: PodSpec): PodSpec {
	const resources = spec.resources;
	if (!resources || (!hasAny(resources.limits) && !hasAny(resources.requests))) return spec;
	const limits = withHugePages(spec, resources.limits ?? {}, resources.requests ?? {});
	const requests = hasAny(limits)
		? completedRequests(spec, resources.requests ?? {}, limits)
		: resources.requests;
	if (limits === resources.limits && requests === resources.requests) return spec;
	return {
		...spec,
		resources: {
			...resources,
			...(hasAny(limits) ? { limits } : {}),
			...(hasAny(requests) ? { requests } : {}),
		},
	};
}

const hasAny = (quantities: Quantities | undefined) => Object.keys(quantities ?? {}).length > 0;

/** Huge pages that containers limit and the pod does not mention are limited to the containers' sum. */
function withHugePages(spec: PodSpec, limits: Quantities, requests: Quantities): Quantities {
	const summed = Object.entries(aggregateResources(spec, (container) => container.resources?.limits));
	return completed(
		limits,
		summed.filter(([name]) => name.startsWith("hugepages-") && !Object.hasOwn(requests, name)),
	);
}

/** What containers request together, else what the pod is limited to. */
function completedRequests(spec: PodSpec, requests: Quantities, limits: Quantities): Quantities {
	const summed = Object.entries(aggregateResources(spec, (container) => container.resources?.requests));
	const fromContainers = summed.filter(([name]) => name === "cpu" || name === "memory");
	const fromLimits = Object.entries(limits).filter(([name]) => isPodLevelResource(name));
	return completed(completed(requests, fromContainers), fromLimits);
}

function completed(present: Quantities, candidates: readonly (readonly [string, string])[]): Quantities {
	const missing = candidates.filter(([name]) => !Object.hasOwn(present, name));
	return missing.length === 0 ? present : { ...present, ...Object.fromEntries(missing) };
}
