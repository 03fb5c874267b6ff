/**
 * IPAddress objects: who has which cluster address. An address whose service is gone, or has another by now, is free
 * although its object may still be there for a moment.
 */
import { familyOfAddress, formatTime, IPAddress, type KubeObject, keyOf, Service } from "@berth/api";
import type { Objects } from "../../store/objects.ts";

const FAMILY_LABEL = "ipaddress.kubernetes.io/ip-family";
const MANAGED_LABEL = "ipaddress.kubernetes.io/managed-by";
const MANAGER = "ipallocator.k8s.io";

export interface AddressBook {
	/** Whether somebody has the address, or is about to. */
	isTaken(address: string): boolean;
	/** Keeps the address from everybody else until it is given up. */
	reserve(address: string): void;
	giveUp(address: string): void;
	/** Makes the object. False when somebody else has the address. */
	record(address: string, service: KubeObject): Promise<boolean>;
	/** Removes the object of an address that nobody has and nobody is about to have. */
	release(address: string): Promise<void>;
}

/** `now` in milliseconds. */
export function addressBook(objects: Objects, now: () => number): AddressBook {
	const addresses = objects.of<IPAddress>(IPAddress);
	const services = objects.of<Service>(Service);
	const reserved = new Set<string>();

	/** Made by an allocator for a service that does not have it. */
	const isLeft = ({ metadata, spec }: IPAddress): boolean => {
		const { parentRef } = spec;
		if (metadata.labels?.[MANAGED_LABEL] !== MANAGER || parentRef?.resource !== "services") return false;
		const parent = services.get(`${parentRef.namespace}/${parentRef.name}`)?.object;
		return !parent?.spec.clusterIPs?.includes(metadata.name);
	};

	return {
		isTaken: (address) => {
			if (reserved.has(address)) return true;
			const known = addresses.get(address)?.object;
			return known !== undefined && !isLeft(known);
		},
		reserve: (address) => void reserved.add(address),
		giveUp: (address) => void reserved.delete(address),
		record: async (address, service) => {
			const known = addresses.get(address);
			if (known) {
				if (!isLeft(known.object)) return isOf(known.object, service);
				await objects.remove(IPAddress, known.key, known.revision);
			}
			return (await objects.create(IPAddress, addressOf(address, service, now()))) !== undefined;
		},
		release: async (address) => {
			const known = addresses.get(address);
			if (known && !reserved.has(address) && isLeft(known.object)) {
				await objects.remove(IPAddress, known.key, known.revision);
			}
		},
	};
}

const isOf = ({ spec: { parentRef } }: IPAddress, service: KubeObject): boolean =>
	parentRef?.resource === "services" && `${parentRef.namespace}/${parentRef.name}` === keyOf(service);

function addressOf(address: string, { metadata }: KubeObject, now: number): IPAddress {
	return {
		apiVersion: IPAddress.apiVersion,
		kind: IPAddress.kind,
		metadata: {
			name: address,
			uid: crypto.randomUUID(),
			resourceVersion: "",
			creationTimestamp: formatTime(now),
			labels: { [FAMILY_LABEL]: familyOfAddress(address), [MANAGED_LABEL]: MANAGER },
		},
		spec: {
			parentRef: {
				group: "",
				resource: "services",
				name: metadata.name,
				...(metadata.namespace ? { namespace: metadata.namespace } : {}),
			},
		},
	};
}
