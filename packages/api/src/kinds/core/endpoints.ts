import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { atomicObject, type Infer, int32, listOf, object, ref, string } from "../../machinery/schema.ts";
import { ageColumn } from "../columns.ts";
import { change, fillZero, mapSame } from "../fill.ts";
import { metadataField } from "../metadata-field.ts";
import { endpointsText } from "./endpoints-text.ts";
import { validateEndpoints } from "./endpoints-validation.ts";
import { ObjectReference } from "./references.ts";

export const EndpointAddress = atomicObject(
	"core.v1.EndpointAddress",
	{
		ip: string({ required: true, pb: 1, doc: "The address." }),
		hostname: string({ pb: 3, doc: "Name of the endpoint in DNS, below that of the service." }),
		nodeName: string({ pb: 4, nullable: true, doc: "Node that it is on." }),
		targetRef: ref(ObjectReference, { pb: 2, nullable: true, doc: "Pod that has it." }),
	},
	"One address behind a service.",
);
export interface EndpointAddress extends Infer<typeof EndpointAddress> {}

export const EndpointPort = atomicObject(
	"core.v1.EndpointPort",
	{
		name: string({ pb: 1, doc: "Name of the service's port." }),
		port: int32({ required: true, pb: 2, doc: "Number of the port." }),
		protocol: string({ pb: 3, enum: ["TCP", "UDP", "SCTP"], doc: "TCP, UDP or SCTP; default TCP." }),
		appProtocol: string({
			pb: 4,
			nullable: true,
			doc: "What is spoken on top of it, such as kubernetes.io/h2c.",
		}),
	},
	"A port of endpoints.",
);
export interface EndpointPort extends Infer<typeof EndpointPort> {}

export const EndpointSubset = object(
	"core.v1.EndpointSubset",
	{
		addresses: listOf(EndpointAddress, { pb: 1, list: "atomic", doc: "Addresses that are ready." }),
		notReadyAddresses: listOf(EndpointAddress, {
			pb: 2,
			list: "atomic",
			doc: "Addresses that are not ready.",
		}),
		ports: listOf(EndpointPort, { pb: 3, list: "atomic", doc: "Ports that every address has." }),
	},
	"Addresses that all have the same ports.",
);
export interface EndpointSubset extends Infer<typeof EndpointSubset> {}

const EndpointsSchema = object(
	"core.v1.Endpoints",
	{
		metadata: metadataField,
		subsets: listOf(EndpointSubset, { pb: 2, list: "atomic", doc: "Addresses and the ports they all have." }),
	},
	"Addresses behind a service; EndpointSlice is the newer form.",
);
export interface Endpoints extends KubeObject, Omit<Infer<typeof EndpointsSchema>, "metadata"> {}

export const Endpoints = defineKind<Endpoints>({
	group: "",
	version: "v1",
	kind: "Endpoints",
	plural: "endpoints",
	shortNames: ["ep"],
	scope: "Namespaced",
	schema: EndpointsSchema,
	columns: [
		{ name: "Endpoints", type: "string", description: "Ready addresses and ports.", value: endpointsText },
		ageColumn,
	],
	validate: validateEndpoints,
	warnings: () => ["v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"],
	defaults: (endpoints) =>
		change(endpoints, "subsets", (subsets) =>
			mapSame(subsets, (subset) =>
				change(subset, "ports", (ports) => mapSame(ports, (port) => fillZero(port, { protocol: "TCP" }))),
			),
		),
});
