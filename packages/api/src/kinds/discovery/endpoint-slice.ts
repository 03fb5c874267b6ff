import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import {
	bool,
	type Infer,
	int32,
	listOf,
	mapOf,
	object,
	ref,
	string,
	types,
} from "../../machinery/schema.ts";
import { ageColumn } from "../columns.ts";
import { firstOf } from "../core/endpoints-text.ts";
import { ObjectReference } from "../core/references.ts";
import { change, fillAbsent, mapSame } from "../fill.ts";
import { metadataField } from "../metadata-field.ts";
import { validateEndpointSlice, validateEndpointSliceUpdate } from "./endpoint-slice-validation.ts";

export const EndpointConditions = object(
	"discovery.v1.EndpointConditions",
	{
		ready: bool({ pb: 1, nullable: true, doc: "Whether it takes new connections." }),
		serving: bool({ pb: 2, nullable: true, doc: "Whether it answers, even while it ends." }),
		terminating: bool({ pb: 3, nullable: true, doc: "Whether it is about to end." }),
	},
	"Whether an endpoint can be used.",
);
export interface EndpointConditions extends Infer<typeof EndpointConditions> {}

export const ForZone = object(
	"discovery.v1.ForZone",
	{
		name: string({ required: true, pb: 1, doc: "Name of the zone." }),
	},
	"A zone that should use an endpoint.",
);
export interface ForZone extends Infer<typeof ForZone> {}

export const ForNode = object(
	"discovery.v1.ForNode",
	{
		name: string({ required: true, pb: 1, doc: "Name of the node." }),
	},
	"A node that should use an endpoint.",
);
export interface ForNode extends Infer<typeof ForNode> {}

export const EndpointHints = object(
	"discovery.v1.EndpointHints",
	{
		forZones: listOf(ForZone, { pb: 1, list: "atomic", doc: "Zones that should use it." }),
		forNodes: listOf(ForNode, { pb: 2, list: "atomic", doc: "Nodes that should use it." }),
	},
	"Where traffic to an endpoint should come from.",
);
export interface EndpointHints extends Infer<typeof EndpointHints> {}

export const Endpoint = object(
	"discovery.v1.Endpoint",
	{
		addresses: listOf(types.string, {
			required: true,
			pb: 1,
			list: "set",
			doc: "Its addresses; the first is used.",
		}),
		conditions: ref(EndpointConditions, { pb: 2, doc: "Whether it can be used." }),
		hostname: string({ pb: 3, nullable: true, doc: "Its host name in DNS." }),
		targetRef: ref(ObjectReference, { pb: 4, nullable: true, doc: "The pod." }),
		deprecatedTopology: mapOf(types.string, { pb: 5, doc: "Not used any more." }),
		nodeName: string({ pb: 6, nullable: true, doc: "Node that it is on." }),
		zone: string({ pb: 7, nullable: true, doc: "Zone that it is in." }),
		hints: ref(EndpointHints, { pb: 8, nullable: true, doc: "Who should use it." }),
	},
	"An address behind a service.",
);
export interface Endpoint extends Infer<typeof Endpoint> {}

export const EndpointSlicePort = object(
	"discovery.v1.EndpointPort",
	{
		name: string({ pb: 1, nullable: true, doc: "Name of the port." }),
		protocol: string({ pb: 2, nullable: true, enum: ["TCP", "UDP", "SCTP"], doc: "TCP, UDP or SCTP." }),
		port: int32({ pb: 3, nullable: true, doc: "Number of the port." }),
		appProtocol: string({ pb: 4, nullable: true, doc: "What is spoken there." }),
	},
	"A port of the endpoints.",
);
export interface EndpointSlicePort extends Infer<typeof EndpointSlicePort> {}

const EndpointSliceSchema = object(
	"discovery.v1.EndpointSlice",
	{
		metadata: metadataField,
		addressType: string({ required: true, pb: 4, doc: "IPv4, IPv6 or FQDN; can not be changed." }),
		endpoints: listOf(Endpoint, {
			pb: 2,
			writtenEmpty: true,
			list: "atomic",
			doc: "The addresses, at most 1000.",
		}),
		ports: listOf(EndpointSlicePort, {
			pb: 3,
			writtenEmpty: true,
			list: "atomic",
			doc: "Ports that all of the endpoints have.",
		}),
	},
	"Some of the addresses behind a service.",
);
export interface EndpointSlice extends KubeObject, Omit<Infer<typeof EndpointSliceSchema>, "metadata"> {}

export const EndpointSlice = defineKind<EndpointSlice>({
	group: "discovery.k8s.io",
	version: "v1",
	kind: "EndpointSlice",
	plural: "endpointslices",
	scope: "Namespaced",
	schema: EndpointSliceSchema,
	columns: [
		{
			name: "AddressType",
			type: "string",
			description: "IPv4, IPv6 or FQDN.",
			value: ({ addressType }) => addressType,
		},
		{
			name: "Ports",
			type: "string",
			description: "Ports of every endpoint.",
			value: ({ ports }) => firstOf((ports ?? []).map(({ port }) => `${port ?? "*"}`)) || "<unset>",
		},
		{
			name: "Endpoints",
			type: "string",
			description: "Addresses, ready or not.",
			value: ({ endpoints }) => firstOf((endpoints ?? []).flatMap(({ addresses }) => addresses)) || "<unset>",
		},
		ageColumn,
	],
	validate: validateEndpointSlice,
	validateUpdate: validateEndpointSliceUpdate,
	defaults: (slice) =>
		change(slice, "ports", (ports) =>
			mapSame(ports, (port) => fillAbsent(port, { name: "", protocol: "TCP" })),
		),
});
