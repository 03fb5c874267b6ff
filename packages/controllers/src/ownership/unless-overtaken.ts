/** Writes that may come too late: the object is gone, or somebody wrote in between. Its next event brings it back. */
import { isConflict, isNotFound } from "@berth/api";

/** `fine` names further failures that only mean that the world has moved on. */
export async function unlessOvertaken(
	write: () => Promise<unknown>,
	fine: (error: unknown) => boolean = () => false,
): Promise<void> {
	try {
		await write();
	} catch (error) {
		if (!isNotFound(error) && !isConflict(error) && !fine(error)) throw error;
	}
}
