/** What of a pod or claim is outside a namespace's limits. Pure. */
import {
	aggregateResources,
	canonicalQuantity,
	compareQuantities,
	type LimitRange,
	type LimitRangeItem,
	type PersistentVolumeClaim,
	type Pod,
	quantityMilli,
} from "@berth/api";

type Amounts = Readonly<Record<string, string>>;

interface Usage {
	readonly requests: Amounts;
	readonly limits: Amounts;
}

/** Every problem in words. */
export const podProblems = ({ spec }: LimitRange, pod: Pod): string[] =>
	(spec.limits ?? []).flatMap((item) => {
		if (item.type === "Container") {
			const { containers = [], initContainers = [] } = pod.spec;
			return [...containers, ...initContainers].flatMap(({ resources }) =>
				problems(item, { requests: resources?.requests ?? {}, limits: resources?.limits ?? {} }),
			);
		}
		if (item.type !== "Pod") return [];
		return problems(item, {
			requests: aggregateResources(pod.spec, ({ resources }) => resources?.requests),
			limits: aggregateResources(pod.spec, ({ resources }) => resources?.limits),
		});
	});

/** A claim has no limit of its own: what it requests is what it gets. */
export function claimProblems({ spec }: LimitRange, claim: PersistentVolumeClaim): string[] {
	const requests = claim.spec.resources?.requests ?? {};
	return (spec.limits ?? [])
		.filter(({ type }) => type === "PersistentVolumeClaim")
		.flatMap((item) => [
			...each(item.min, (name, least) => tooLittle(item, name, least, { requests, limits: {} })),
			...each(item.max, (name, most) => {
				const words = `maximum ${name} usage per ${item.type} is ${canonicalQuantity(most)}`;
				const asked = own(requests, name);
				if (asked === undefined) return `${words}.  No request is specified`;
				return compareQuantities(asked, most) > 0
					? `${words}, but request is ${canonicalQuantity(asked)}`
					: undefined;
			}),
		]);
}

const problems = (item: LimitRangeItem, usage: Usage): string[] => [
	...each(item.min, (name, least) => tooLittle(item, name, least, usage)),
	...each(item.max, (name, most) => tooMuch(item, name, most, usage)),
	...each(item.maxLimitRequestRatio, (name, ratio) => tooFarApart(item, name, ratio, usage)),
];

const each = (
	amounts: Amounts | undefined,
	judge: (name: string, amount: string) => string | undefined,
): string[] => Object.entries(amounts ?? {}).flatMap(([name, amount]) => judge(name, amount) ?? []);

const own = (amounts: Amounts, name: string): string | undefined =>
	Object.hasOwn(amounts, name) ? amounts[name] : undefined;

function tooLittle(
	{ type }: LimitRangeItem,
	name: string,
	least: string,
	{ requests, limits }: Usage,
): string | undefined {
	const words = `minimum ${name} usage per ${type} is ${canonicalQuantity(least)}`;
	const [request, limit] = [own(requests, name), own(limits, name)];
	if (request === undefined) return `${words}.  No request is specified`;
	if (compareQuantities(request, least) < 0) return `${words}, but request is ${canonicalQuantity(request)}`;
	return limit !== undefined && compareQuantities(limit, least) < 0
		? `${words}, but limit is ${canonicalQuantity(limit)}`
		: undefined;
}

function tooMuch(
	{ type }: LimitRangeItem,
	name: string,
	most: string,
	{ requests, limits }: Usage,
): string | undefined {
	const words = `maximum ${name} usage per ${type} is ${canonicalQuantity(most)}`;
	const [request, limit] = [own(requests, name), own(limits, name)];
	if (limit === undefined) return `${words}.  No limit is specified`;
	if (compareQuantities(limit, most) > 0) return `${words}, but limit is ${canonicalQuantity(limit)}`;
	return request !== undefined && compareQuantities(request, most) > 0
		? `${words}, but request is ${canonicalQuantity(request)}`
		: undefined;
}

function tooFarApart(
	{ type }: LimitRangeItem,
	name: string,
	ratio: string,
	{ requests, limits }: Usage,
): string | undefined {
	const words = `${name} max limit to request ratio per ${type} is ${canonicalQuantity(ratio)}`;
	const [request, limit] = [own(requests, name), own(limits, name)].map((amount) =>
		quantityMilli(amount ?? "0"),
	);
	if (!request) return `${words}, but no request is specified or request is 0`;
	if (!limit) return `${words}, but no limit is specified or limit is 0`;
	const provided = limit / request;
	return provided * 1000 > quantityMilli(ratio)
		? `${words}, but provided ratio is ${provided.toFixed(6)}`
		: undefined;
}
