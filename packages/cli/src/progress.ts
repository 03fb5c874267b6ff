/** Shows what a longer command is doing, step by step: animated on a terminal, one line a step elsewhere. */
import { Listr, type ListrTask } from "listr2";

export interface Step {
	readonly title: string;
	/** `report` replaces the line below the title. */
	readonly run?: (report: (detail: string) => void) => Promise<void>;
	/** Steps within this one; they run at the same time. */
	readonly together?: () => readonly Step[];
}

/** Runs the steps in order. The first that fails ends it, and its error is thrown. */
export async function runSteps(steps: readonly Step[]): Promise<void> {
	await new Listr(steps.map(taskOf), {
		renderer: "default",
		fallbackRenderer: "simple",
		rendererOptions: { collapseErrors: false, showErrorMessage: false },
		fallbackRendererOptions: {},
		registerSignalListeners: false,
	}).run();
}

function taskOf({ title, run, together }: Step): ListrTask {
	return {
		title,
		task: async (_, task) => {
			await run?.((detail) => {
				task.output = detail;
			});
			if (!together) return undefined;
			return task.newListr(together().map(taskOf), { concurrent: true, exitOnError: true });
		},
	};
}
