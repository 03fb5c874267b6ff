import {
	type Infer,
	int32,
	int64,
	intOrString,
	listOf,
	object,
	ref,
	string,
	types,
	within,
} from "../../machinery/schema.ts";

export const ExecAction = object(
	"core.v1.ExecAction",
	{
		command: listOf(types.string, {
			pb: 1,
			list: "atomic",
			doc: "Program and arguments; no shell is around them.",
		}),
	},
	"A command run in the container.",
);
export interface ExecAction extends Infer<typeof ExecAction> {}

export const HTTPHeader = object(
	"core.v1.HTTPHeader",
	{
		name: string({ required: true, pb: 1, doc: "Name of the header." }),
		value: string({ required: true, pb: 2, doc: "Value of the header." }),
	},
	"A header of a request.",
);
export interface HTTPHeader extends Infer<typeof HTTPHeader> {}

export const HTTPGetAction = object(
	"core.v1.HTTPGetAction",
	{
		path: string({ pb: 1, doc: "Path of the request; default /." }),
		port: intOrString({ required: true, pb: 2, doc: "Number or name of the port." }),
		host: string({ pb: 3, doc: "Host to ask; default the pod's address." }),
		scheme: string({
			pb: 4,
			enum: ["HTTP", "HTTPS"],
			doc: "HTTP or HTTPS, whose certificate is not checked; default HTTP.",
		}),
		httpHeaders: listOf(HTTPHeader, { pb: 5, list: "atomic", doc: "Headers of the request." }),
	},
	"An HTTP GET request to the container.",
);
export interface HTTPGetAction extends Infer<typeof HTTPGetAction> {}

export const TCPSocketAction = object(
	"core.v1.TCPSocketAction",
	{
		port: intOrString({ required: true, pb: 1, doc: "Number or name of the port." }),
		host: string({ pb: 2, doc: "Host to connect to; default the pod's address." }),
	},
	"A TCP connection to the container.",
);
export interface TCPSocketAction extends Infer<typeof TCPSocketAction> {}

export const GRPCAction = object(
	"core.v1.GRPCAction",
	{
		port: int32({ required: true, pb: 1, doc: "Number of the port." }),
		service: string({
			pb: 2,
			nullable: true,
			default: "",
			doc: "Service whose health is asked for; default that of the whole server.",
		}),
	},
	"A health check over gRPC.",
);
export interface GRPCAction extends Infer<typeof GRPCAction> {}

export const Probe = object(
	"core.v1.Probe",
	{
		...within(1, {
			exec: ref(ExecAction, { pb: 1, nullable: true, doc: "Command that must exit with 0." }),
			httpGet: ref(HTTPGetAction, {
				pb: 2,
				nullable: true,
				doc: "Request that must be answered with 200 to 399.",
			}),
			tcpSocket: ref(TCPSocketAction, { pb: 3, nullable: true, doc: "Port that must accept a connection." }),
			grpc: ref(GRPCAction, { pb: 4, nullable: true, doc: "gRPC health check that must say SERVING." }),
		}),
		initialDelaySeconds: int32({ pb: 2, doc: "Seconds to wait after the start." }),
		timeoutSeconds: int32({ pb: 3, doc: "Seconds to wait for an answer." }),
		periodSeconds: int32({ pb: 4, doc: "Seconds from one probe to the next." }),
		successThreshold: int32({ pb: 5, doc: "Successes in a row that count as success." }),
		failureThreshold: int32({ pb: 6, doc: "Failures in a row that count as failure." }),
		terminationGracePeriodSeconds: int64({
			pb: 7,
			nullable: true,
			doc: "Grace period when this probe ends the container.",
		}),
	},
	"A question asked of a container again and again.",
);
export interface Probe extends Infer<typeof Probe> {}

export const SleepAction = object(
	"core.v1.SleepAction",
	{
		seconds: int64({ required: true, pb: 1, doc: "How long, in seconds." }),
	},
	"A wait.",
);
export interface SleepAction extends Infer<typeof SleepAction> {}

export const LifecycleHandler = object(
	"core.v1.LifecycleHandler",
	{
		exec: ref(ExecAction, { pb: 1, nullable: true, doc: "Command to run." }),
		httpGet: ref(HTTPGetAction, { pb: 2, nullable: true, doc: "Request to make." }),
		tcpSocket: ref(TCPSocketAction, { pb: 3, nullable: true, doc: "Kept for old objects; nothing is done." }),
		sleep: ref(SleepAction, { pb: 4, nullable: true, doc: "Time to wait." }),
	},
	"Something to do with a container: exactly one of these.",
);
export interface LifecycleHandler extends Infer<typeof LifecycleHandler> {}

export const Lifecycle = object(
	"core.v1.Lifecycle",
	{
		postStart: ref(LifecycleHandler, {
			pb: 1,
			nullable: true,
			doc: "Done right after the start; a failure ends the container.",
		}),
		preStop: ref(LifecycleHandler, {
			pb: 2,
			nullable: true,
			doc: "Done before the stop signal, within the grace period.",
		}),
		stopSignal: string({
			pb: 3,
			nullable: true,
			doc: "Signal that stops the container; default is the image's.",
		}),
	},
	"What happens right after the start of a container and before its end.",
);
export interface Lifecycle extends Infer<typeof Lifecycle> {}
