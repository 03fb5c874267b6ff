/** Values of a container's requests and limits, as variables and files show them. Pure. */
import { type Container, type Pod, parseQuantity, type ResourceFieldSelector } from "@berth/api";

/** `containerName` is needed in volumes only; `allocatable` is what a container without a limit may use of its node. */
export function resourceValue(
	{ containerName, resource, divisor }: ResourceFieldSelector,
	pod: Pod,
	own: Container | undefined,
	allocatable: Readonly<Record<string, string>>,
): string | undefined {
	const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
	const container = containerName ? containers.find(({ name }) => name === containerName) : own;
	const [sort, name = ""] = split(resource);
	if (!container || (sort !== "limits" && sort !== "requests")) return undefined;
	const { limits = {}, requests = {} } = container.resources ?? {};
	const limit = limits[name] ?? pod.spec.resources?.limits?.[name] ?? allocatable[name] ?? "0";
	const amount = sort === "limits" ? limit : (requests[name] ?? "0");
	const unit = parseQuantity(divisor ?? "1") || parseQuantity("1");
	return String((parseQuantity(amount) + unit - 1n) / unit);
}

function split(resource: string): readonly [string, string?] {
	const dot = resource.indexOf(".");
	return dot < 0 ? [resource] : [resource.slice(0, dot), resource.slice(dot + 1)];
}
