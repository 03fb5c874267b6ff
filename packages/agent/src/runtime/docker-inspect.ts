/** What Docker says of a container, an engine or an error, in the words of the seam. Pure. */
import { ALL_MEMORY } from "./docker-create.ts";
import type { ContainerInfo, RuntimeEvent, RuntimeInfo } from "./runtime.ts";
import { isRuntimeError, RuntimeError, type RuntimeFailure } from "./runtime.ts";

/** The part of Docker's answer that is used. */
export interface Inspected {
	readonly Id: string;
	readonly Name: string;
	readonly Created: string;
	readonly Image: string;
	readonly LogPath?: string;
	readonly HostConfig?: {
		readonly NetworkMode?: string;
		readonly CpuShares?: number;
		readonly CpuQuota?: number;
		readonly Memory?: number;
	};
	/** Of storage drivers that keep each container's own layer in a directory. */
	readonly GraphDriver?: { readonly Data?: { readonly UpperDir?: string } | null };
	readonly State: {
		readonly Status: string;
		readonly Pid: number;
		readonly ExitCode: number;
		readonly OOMKilled: boolean;
		readonly Error: string;
		readonly StartedAt: string;
		readonly FinishedAt: string;
	};
	readonly Config: {
		readonly Image: string;
		readonly Labels: Readonly<Record<string, string>> | null;
		readonly Tty: boolean;
		readonly OpenStdin: boolean;
		readonly StopSignal?: string | undefined;
	};
}

export function containerInfo({
	Id,
	Name,
	Created,
	Image,
	LogPath,
	HostConfig,
	GraphDriver,
	State,
	Config,
}: Inspected): ContainerInfo {
	return {
		id: Id,
		name: Name.replace(/^\//, ""),
		labels: Config.Labels ?? {},
		state: stateOf(State.Status),
		pid: State.Pid,
		createdAt: timeOf(Created),
		startedAt: timeOf(State.StartedAt),
		finishedAt: endOf(State),
		exitCode: State.ExitCode,
		oomKilled: State.OOMKilled,
		error: State.Error,
		image: Config.Image,
		imageId: Image,
		stopSignal: Config.StopSignal || "SIGTERM",
		logPath: LogPath ?? "",
		tty: Config.Tty,
		stdin: Config.OpenStdin,
		hostNetwork: HostConfig?.NetworkMode === "host",
		limits: {
			cpuShares: HostConfig?.CpuShares || undefined,
			cpuQuota: limitOf(HostConfig?.CpuQuota),
			memory: limitOf(HostConfig?.Memory),
		},
		writableLayer: GraphDriver?.Data?.UpperDir ?? "",
	};
}

/** Docker writes 0 for none, or what it was told when the limit was lifted: see updateOptions. */
const limitOf = (value = 0) => (value > 0 && value < ALL_MEMORY ? value : undefined);

/**
 * Docker hears of an end and of a kill for memory on two roads, and the second may be the slower one: whether a container
 * with a limit, that has failed just now, was killed for memory is not known yet. `now` in milliseconds since the epoch.
 */
export const isCauseOpen = (
	{ state, exitCode, oomKilled, limits, finishedAt }: ContainerInfo,
	now: number,
): boolean =>
	state === "exited" &&
	exitCode !== 0 &&
	!oomKilled &&
	limits.memory !== undefined &&
	now - finishedAt < JUST_NOW;

const JUST_NOW = 1_000;

/** Docker notes the start of a process a moment late: one that ends at once would have ended before it began. */
function endOf({ Status, StartedAt, FinishedAt }: Inspected["State"]): number {
	const end = timeOf(FinishedAt);
	return end > 0 && stateOf(Status) === "exited" ? Math.max(end, timeOf(StartedAt)) : end;
}

function stateOf(status: string): ContainerInfo["state"] {
	if (status === "created") return "created";
	return status === "running" || status === "paused" || status === "restarting" ? "running" : "exited";
}

/** Docker writes the year 1 for "never". */
const timeOf = (text: string) => Math.max(0, Date.parse(text) || 0);

const EVENTS: Readonly<Record<string, RuntimeEvent["type"]>> = {
	create: "created",
	start: "started",
	die: "exited",
	destroy: "removed",
};
export const DOCKER_EVENTS = Object.keys(EVENTS);

/** One line of Docker's event stream; undefined for what nobody waits for. */
export function eventOf(line: string): RuntimeEvent | undefined {
	const event = JSON.parse(line) as {
		Action?: string;
		Actor?: { ID?: string; Attributes?: Record<string, string> };
	};
	const type = EVENTS[event.Action ?? ""];
	return type && { type, id: event.Actor?.ID ?? "", labels: event.Actor?.Attributes ?? {} };
}

/** The part of Docker's answers to `/info` that is used. */
export interface EngineInfo {
	readonly ServerVersion: string;
	readonly KernelVersion: string;
	readonly OperatingSystem: string;
	readonly Architecture: string;
	readonly NCPU: number;
	readonly MemTotal: number;
	readonly CgroupDriver?: string;
	readonly CgroupVersion?: string;
	readonly DockerRootDir: string;
	readonly Runtimes?: Readonly<Record<string, unknown>>;
}

const ARCHITECTURES: Readonly<Record<string, string>> = {
	x86_64: "amd64",
	aarch64: "arm64",
	armv7l: "arm",
};

export const runtimeInfo = (info: EngineInfo): RuntimeInfo => ({
	name: `docker://${info.ServerVersion}`,
	version: info.ServerVersion,
	kernelVersion: info.KernelVersion,
	operatingSystem: info.OperatingSystem,
	architecture: ARCHITECTURES[info.Architecture] ?? info.Architecture,
	cpus: info.NCPU,
	memory: info.MemTotal,
	cgroupDriver:
		info.CgroupDriver === "systemd" || info.CgroupDriver === "none" ? info.CgroupDriver : "cgroupfs",
	cgroupVersion: info.CgroupVersion === "2" ? 2 : 1,
	root: info.DockerRootDir,
	handlers: Object.keys(info.Runtimes ?? {}),
});

interface DockerFailure {
	readonly statusCode?: number;
	readonly json?: { readonly message?: string } | null;
	readonly code?: string;
	readonly message?: string;
}

/** HTTP status of a failed call to Docker; 0 when there was no answer. */
export const statusOf = (error: unknown): number => (error as DockerFailure).statusCode ?? 0;

/** `otherwise` is what the failure means unless its status says more. */
export function runtimeError(error: unknown, otherwise: RuntimeFailure = "other"): RuntimeError {
	if (isRuntimeError(error)) return error;
	const { statusCode, json, message = String(error) } = error as DockerFailure;
	if (statusCode === undefined)
		return new RuntimeError("unreachable", `Docker does not answer: ${message}`, error);
	const reason = json?.message ?? message.replace(/^\(HTTP code \d+\) .*? - /, "").trim();
	if (statusCode === 404 && /no such container/i.test(reason))
		return new RuntimeError("noContainer", reason, error);
	if (statusCode === 404 && /no such image/i.test(reason)) return new RuntimeError("noImage", reason, error);
	return new RuntimeError(otherwise, reason, error);
}
