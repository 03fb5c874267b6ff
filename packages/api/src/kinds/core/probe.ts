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

export const ExecAction = object("core.v1.ExecAction", {
	command: listOf(types.string, { pb: 1, list: "atomic" }),
});
export interface ExecAction extends Infer<typeof ExecAction> {}

export const HTTPHeader = object("core.v1.HTTPHeader", {
	name: string({ required: true, pb: 1 }),
	value: string({ required: true, pb: 2 }),
});
export interface HTTPHeader extends Infer<typeof HTTPHeader> {}

export const HTTPGetAction = object("core.v1.HTTPGetAction", {
	path: string({ pb: 1 }),
	port: intOrString({ required: true, pb: 2 }),
	host: string({ pb: 3 }),
	scheme: string({ pb: 4, enum: ["HTTP", "HTTPS"] }),
	httpHeaders: listOf(HTTPHeader, { pb: 5, list: "atomic" }),
});
export interface HTTPGetAction extends Infer<typeof HTTPGetAction> {}

export const TCPSocketAction = object("core.v1.TCPSocketAction", {
	port: intOrString({ required: true, pb: 1 }),
	host: string({ pb: 2 }),
});
export interface TCPSocketAction extends Infer<typeof TCPSocketAction> {}

export const GRPCAction = object("core.v1.GRPCAction", {
	port: int32({ required: true, pb: 1 }),
	service: string({ pb: 2, nullable: true, default: "" }),
});
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

export const SleepAction = object("core.v1.SleepAction", {
	seconds: int64({ required: true, pb: 1 }),
});
export interface SleepAction extends Infer<typeof SleepAction> {}

export const LifecycleHandler = object("core.v1.LifecycleHandler", {
	exec: ref(ExecAction, { pb: 1, nullable: true }),
	httpGet: ref(HTTPGetAction, { pb: 2, nullable: true }),
	tcpSocket: ref(TCPSocketAction, { pb: 3, nullable: true }),
	sleep: ref(SleepAction, { pb: 4, nullable: true }),
});
export interface LifecycleHandler extends Infer<typeof LifecycleHandler> {}

export const Lifecycle = object("core.v1.Lifecycle", {
	postStart: ref(LifecycleHandler, { pb: 1, nullable: true }),
	preStop: ref(LifecycleHandler, { pb: 2, nullable: true }),
	stopSignal: string({ pb: 3, nullable: true }),
});
export interface Lifecycle extends Infer<typeof Lifecycle> {}
