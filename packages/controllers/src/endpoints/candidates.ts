/** Which pods stand behind a service, and on which ports. Pure; both endpoint controllers build on it. */
import {
	isPodReady,
	isPodTerminal,
	type Pod,
	type Service,
	type ServicePort,
	selectorOfMap,
} from "@berth/api";

export interface ResolvedPort {
	readonly name: string;
	readonly protocol: "TCP" | "UDP" | "SCTP";
	readonly port: number;
	readonly appProtocol?: string;
}

export interface Candidate {
	readonly pod: Pod;
	readonly ip: string;
	/** Passes its readiness checks and is not going, or the service publishes pods that are not ready. */
	readonly ready: boolean;
	/** Passes its readiness checks, going or not. */
	readonly serving: boolean;
	readonly terminating: boolean;
	/** Service ports as this pod has them; named target ports may differ from pod to pod. */
	readonly ports: readonly ResolvedPort[];
	readonly hostname: string | undefined;
}

/** Pods that match, have an address and are not finished; in order of their addresses. */
export function candidates(service: Service, pods: readonly Pod[]): readonly Candidate[] {
	const selector = selectorOfMap(service.spec.selector ?? {});
	return pods
		.filter((pod) => selector.matches(pod.metadata.labels) && !isPodTerminal(pod))
		.flatMap((pod): Candidate[] => {
			const ip = addressOf(service, pod);
			if (!ip) return [];
			const serving = isPodReady(pod);
			const terminating = pod.metadata.deletionTimestamp !== undefined;
			const publish = service.spec.publishNotReadyAddresses === true;
			const named = pod.spec.hostname && pod.spec.subdomain === service.metadata.name;
			return [
				{
					pod,
					ip,
					ready: publish || (serving && !terminating),
					serving,
					terminating,
					ports: (service.spec.ports ?? []).flatMap((port) => resolvePort(port, pod)),
					hostname: named ? pod.spec.hostname : undefined,
				},
			];
		})
		.sort((a, b) => compareAddresses(a.ip, b.ip));
}

/** A service that the endpoint controllers keep: others' endpoints are the user's business. */
export const isManaged = (service: Service): boolean =>
	service.spec.type !== "ExternalName" && Object.keys(service.spec.selector ?? {}).length > 0;

const HEADLESS = "service.kubernetes.io/headless";

/** The service's labels as its endpoints carry them: the one for headless services says what is so, not what users said. */
export function labelsForEndpoints({ metadata, spec }: Service): Readonly<Record<string, string>> {
	const { [HEADLESS]: _, ...labels } = metadata.labels ?? {};
	return spec.clusterIP === "None" ? { ...labels, [HEADLESS]: "" } : labels;
}

/** The pod's address of the service's family. */
function addressOf(service: Service, pod: Pod): string | undefined {
	const wantsV6 = service.spec.ipFamilies?.[0] === "IPv6";
	const addresses = pod.status?.podIPs?.map((entry) => entry.ip) ?? [pod.status?.podIP];
	return addresses.find((address) => address && address.includes(":") === wantsV6);
}

function resolvePort(port: ServicePort, pod: Pod): ResolvedPort[] {
	const protocol = port.protocol ?? "TCP";
	const target = port.targetPort ?? port.port;
	const number = typeof target === "number" ? target : namedPort(target, protocol, pod);
	if (number === undefined) return [];
	const appProtocol = port.appProtocol === undefined ? {} : { appProtocol: port.appProtocol };
	return [{ name: port.name ?? "", protocol, port: number, ...appProtocol }];
}

function namedPort(name: string, protocol: string, pod: Pod): number | undefined {
	const sidecars = (pod.spec.initContainers ?? []).filter(
		(container) => container.restartPolicy === "Always",
	);
	return [...pod.spec.containers, ...sidecars]
		.flatMap((container) => container.ports ?? [])
		.find((port) => port.name === name && (port.protocol ?? "TCP") === protocol)?.containerPort;
}

const compareAddresses = (a: string, b: string) => a.localeCompare(b, "en", { numeric: true });
