/** Where the calls of the real client belong, by story and number; read by hand, one by one. */
const placesByStory: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  // A tool, agents in front and behind, a fork under a new session id, `/compact`; another session, title first.
  agents: {
    '01': 'main (turn), in 01 on main, first turn',
    '02': 'main (turn), in 01 on main, after 01, continues the transcript and its answer',
    '03': 'main (turn), in 01 on main, after 02, continues the transcript and its answer',
    '04': 'subagent (turn), in 01 on subtask_1, after 03, for 03, agent id and prompt of a sub-task call',
    '05': 'subagent (turn), in 01 on subtask_1, after 04, for 03, continues the transcript and its answer',
    '06': 'main (turn), in 01 on main, after 03, continues the transcript and its answer',
    '07': 'main (turn), in 01 on main, after 06, continues the transcript and its answer',
    '08': 'main (turn), in 01 on main, after 07, continues the transcript and its answer',
    '09': 'subagent (turn), in 01 on subtask_2, after 07, for 07, agent id and prompt of a sub-task call',
    '10': 'main (turn), in 01 on main, after 08, continues the transcript and its answer',
    '11': 'main (turn), in 01 on main, after 10, continues the transcript and its answer',
    '12': 'compaction, in 01 on main, after 11, continues the transcript and its answer',
    '13': 'main (turn), in 01 on compact 13, after 12, continues a summary',
    '14': 'title (side), in 14 on main, side call before the first turn',
    '15': 'main (turn), in 14 on main, first turn of the session',
  },
  // The client compacts of itself: before a turn, and (another session) within one, keeping its last round.
  'automatic-compaction': {
    '01': 'main (turn), in 01 on main, first turn',
    '02': 'main (turn), in 01 on main, after 01, continues the transcript and its answer',
    '03': 'main (turn), in 01 on main, after 02, continues the transcript and its answer',
    '04': 'compaction, in 01 on main, after 03, continues the transcript and its answer',
    '05': 'main (turn), in 01 on compact 05, after 04, continues a summary',
    '06': 'main (turn), in 06 on main, first turn',
    '07': 'main (turn), in 06 on main, after 06, continues the transcript and its answer',
    '08': 'main (turn), in 06 on main, after 07, continues the transcript and its answer',
    '09': 'compaction, in 06 on main, after 08, longest known beginning',
    '10': 'main (turn), in 06 on compact 10, after 09, continues a summary',
    '11': 'main (turn), in 06 on compact 10, after 10, continues the transcript and its answer',
  },
  // The upstream is told to clear what old tools said: the history itself stays.
  'cleared-upstream': {
    '01': 'main (turn), in 01 on main, first turn',
    '02': 'main (turn), in 01 on main, after 01, continues the transcript and its answer',
    '03': 'main (turn), in 01 on main, after 02, continues the transcript and its answer',
    '04': 'main (turn), in 01 on main, after 03, continues the transcript and its answer',
  },
  // The request for a summary stands behind the tool result of 05; the last answer is kept.
  'compaction-in-terminal': {
    '01': 'title (side), in 01 on main, side call before the first turn',
    '02': 'main (turn), in 01 on main, first turn of the session',
    '03': 'main (turn), in 01 on main, after 02, continues the transcript and its answer',
    '04': 'main (turn), in 01 on main, after 03, continues the transcript and its answer',
    '05': 'main (turn), in 01 on main, after 04, continues the transcript and its answer',
    '06': 'compaction, in 01 on main, after 05, longest known beginning',
    '07': 'main (turn), in 01 on compact 07, after 06, continues a summary',
    '08': 'count_tokens (side), in 01 on compact 07, side call of the session',
    '09': 'main (turn), in 01 on compact 07, after 07, continues the transcript and its answer',
  },
  // Agents that begin with all that was said so far, each for its own call.
  forks: {
    '01': 'main (turn), in 01 on main, first turn',
    '02': 'main (turn), in 01 on main, after 01, continues the transcript and its answer',
    '03': 'subagent (turn), in 01 on subtask_1, after 02, for 02, agent id and prompt of a sub-task call',
    '04': 'subagent (turn), in 01 on subtask_2, after 02, for 02, agent id and prompt of a sub-task call',
    '05': 'subagent (turn), in 01 on subtask_3, after 02, for 02, agent id and prompt of a sub-task call',
    '06': 'main (turn), in 01 on main, after 02, continues the transcript and its answer',
    '07': 'main (turn), in 01 on main, after 06, continues the transcript and its answer',
  },
  // What might be typed next, a question aside, a name: none of them is a turn, and the turns stay on one branch.
  helpers: {
    '01': 'title (side), in 01 on main, side call before the first turn',
    '02': 'main (turn), in 01 on main, first turn of the session',
    '03': 'main (turn), in 01 on main, after 02, continues the transcript and its answer',
    '04': 'side, in 01 on main, side call of the session',
    '05': 'side, in 01 on main, side call of the session',
    '06': 'side, in 01 on main, side call of the session',
    '07': 'main (turn), in 01 on main, after 03, continues the transcript and its answer',
    '08': 'side, in 01 on main, side call of the session',
    '09': 'main (turn), in 01 on main, after 07, continues the transcript and its answer',
    '10': 'side, in 01 on main, side call of the session',
  },
  // Hooks that ask the model and, in another session, send out agents: the conversation goes on without them.
  hooks: {
    '01': 'main (turn), in 01 on main, first turn',
    '02': 'side, in 01 on main, side call of the session',
    '03': 'main (turn), in 01 on main, after 01, continues the transcript and its answer',
    '04': 'side, in 01 on main, side call of the session',
    '05': 'main (turn), in 01 on main, after 03, continues the transcript and its answer',
    '06': 'side, in 01 on main, side call of the session',
    '07': 'main (turn), in 07 on main, first turn',
    '08': 'side, in 07 on main, side call of the session',
    '09': 'side, in 07 on main, side call of the session',
    '10': 'main (turn), in 07 on main, after 07, continues the transcript and its answer',
    '11': 'side, in 07 on main, side call of the session',
    '12': 'side, in 07 on main, side call of the session',
  },
  // Labels of tools (02, 08) and of what an agent is doing (06).
  labels: {
    '01': 'main (turn), in 01 on main, first turn',
    '02': 'side, in 01 on main, side call of the session',
    '03': 'main (turn), in 01 on main, after 01, continues the transcript and its answer',
    '04': 'main (turn), in 01 on main, after 03, continues the transcript and its answer',
    '05': 'subagent (turn), in 01 on subtask_1, after 04, for 04, agent id and prompt of a sub-task call',
    '06': 'side, in 01 on subtask_1, for 04, side call of the session',
    '07': 'subagent (turn), in 01 on subtask_1, after 05, for 04, continues the transcript and its answer',
    '08': 'side, in 01 on main, side call of the session',
    '09': 'main (turn), in 01 on main, after 04, continues the transcript and its answer',
  },
  // A subscriber: the quota and the title come before the first turn.
  quota: {
    '01': 'quota (side), in 01 on main, side call before the first turn',
    '02': 'title (side), in 01 on main, side call of the session',
    '03': 'main (turn), in 01 on main, first turn of the session',
  },
  // What a user is told who was away.
  recap: {
    '01': 'main (turn), in 01 on main, first turn',
    '02': 'side, in 01 on main, side call of the session',
    '03': 'main (turn), in 01 on main, after 01, continues the transcript and its answer',
  },
  // Taken back in the terminal, and said otherwise.
  rewind: {
    '01': 'main (turn), in 01 on main, first turn',
    '02': 'main (turn), in 01 on main, after 01, continues the transcript and its answer',
    '03': 'main (turn), in 01 on main, after 02, continues the transcript and its answer',
    '04': 'main (turn), in 01 on branch 04, after 01, continues the transcript and its answer',
    '05': 'main (turn), in 01 on branch 04, after 04, continues the transcript and its answer',
  },
  // The client's own check of a command.
  safety: {
    '01': 'main (turn), in 01 on main, first turn',
    '02': 'main (turn), in 01 on main, after 01, continues the transcript and its answer',
    '03': 'side, in 01 on main, side call of the session',
    '04': 'main (turn), in 01 on main, after 02, continues the transcript and its answer',
  },
  // An agent of its own making, without sessions: a search by the upstream, a thread, cleared results, a compaction.
  sdk: {
    '01': 'count_tokens',
    '02': 'main (turn), in 02 on main, first turn',
    '03': 'main (turn), in 02 on main, after 02, continues the transcript and its answer',
    '04': 'main (turn), in 04 on main, first turn',
    '05': 'main (turn), in 04 on main, after 04, continues the message thread',
    '06': 'main (turn), in 06 on main, first turn',
    '07': 'main (turn), in 06 on main, after 06, continues the message thread',
    '08': 'compaction, in 06 on main, after 07, continues the transcript and its answer',
    '09': 'main (turn), in 06 on compact 09, after 08, continues a summary',
    '10': 'main (turn), in 06 on compact 09, after 09, continues the transcript and its answer',
  },
  // Nothing answered 01 and 03, and 06 was refused: what is said instead goes on where they stood.
  'taken-back': {
    '01': 'main (turn), in 01 on main, first turn',
    '02': 'main (turn), in 01 on main, said instead of a first turn without an answer',
    '03': 'main (turn), in 01 on main, after 02, continues the transcript and its answer',
    '04': 'main (turn), in 01 on main, after 02, continues the transcript and its answer',
    '05': 'main (turn), in 01 on main, after 04, continues the transcript and its answer',
    '06': 'main (turn), in 01 on main, after 05, continues the transcript and its answer',
    '07': 'main (turn), in 01 on main, after 05, continues the transcript and its answer',
    '08': 'main (turn), in 01 on main, after 07, continues the transcript and its answer',
  },
  // Only what is new is sent. 04 fails, since the upstream has forgotten the thread; 07 is another process.
  threads: {
    '01': 'main (turn), in 01 on main, first turn',
    '02': 'main (turn), in 01 on main, after 01, continues the message thread',
    '03': 'main (turn), in 01 on main, after 02, continues the message thread',
    '04': 'main (turn), in 01 on main, after 03, continues the message thread',
    '05': 'main (turn), in 01 on main, after 03, again 04, same transcript again',
    '06': 'main (turn), in 01 on main, after 05, continues the message thread',
    '07': 'main (turn), in 01 on main, after 06, continues the transcript and its answer',
    '08': 'subagent (turn), in 01 on subtask_1, after 07, for 07, agent id and prompt of a sub-task call',
    '09': 'main (turn), in 01 on main, after 07, continues the message thread',
  },
  // An overload tried again, a turn said otherwise, an agent that starts an agent.
  turns: {
    '01': 'main (turn), in 01 on main, first turn',
    '02': 'main (turn), in 01 on main, after 01, continues the transcript and its answer',
    '03': 'main (turn), in 01 on main, after 01, again 02, same transcript again',
    '04': 'main (turn), in 01 on branch 04, after 01, continues the transcript and its answer',
    '05': 'main (turn), in 01 on branch 04, after 04, continues the transcript and its answer',
    '06': 'subagent (turn), in 01 on subtask_1, after 05, for 05, agent id and prompt of a sub-task call',
    '07': 'subagent (turn), in 01 on subtask_2, after 06, for 06, agent id and prompt of a sub-task call',
    '08': 'subagent (turn), in 01 on subtask_1, after 06, for 05, continues the transcript and its answer',
    '09': 'main (turn), in 01 on branch 04, after 05, continues the transcript and its answer',
  },
  // Summer 2025: sessions in the body alone, titles asked for by other sessions, the older words of a summary.
  'version-1': {
    '01': 'main (turn), in 01 on main, first turn',
    '02': 'side, in 01 on main, side call of the session',
    '03': 'main (turn), in 01 on main, after 01, continues the transcript and its answer',
    '04': 'title (side), in 04 on main, side call before the first turn',
    '05': 'main (turn), in 01 on main, after 03, continues the transcript and its answer',
    '06': 'main (turn), in 01 on subtask_1, after 05, for 05, prompt of a sub-task call',
    '07': 'main (turn), in 01 on main, after 05, continues the transcript and its answer',
    '08': 'title (side), in 08 on main, side call before the first turn',
    '09': 'title (side), in 01 on main, side call of the session',
    '10': 'compaction, in 01 on main, after 07, continues the transcript and its answer',
    '11': 'title (side), in 11 on main, side call before the first turn',
    '12': 'main (turn), in 01 on compact 12, after 10, continues a summary',
  },
  // The results come in another order in a new process (03), then notes stand in their place (04).
  'version-1-clearing': {
    '01': 'main (turn), in 01 on main, first turn',
    '02': 'main (turn), in 01 on main, after 01, continues the transcript and its answer',
    '03': 'main (turn), in 01 on main, after 02, continues the answer, history edited',
    '04': 'main (turn), in 01 on main, after 03, continues the answer, history edited',
    '05': 'main (turn), in 01 on main, after 04, continues the transcript and its answer',
    '06': 'compaction, in 01 on main, after 05, continues the transcript and its answer',
    '07': 'main (turn), in 01 on compact 07, after 06, continues a summary',
  },
  // The end of 2025: agents warmed up beforehand; a new process (13) has one of three tools asked for at once.
  'version-2': {
    '01': 'main (turn), in 01 on main, first turn',
    '02': 'side, in 01 on main, side call of the session',
    '03': 'side, in 01 on main, side call of the session',
    '04': 'main (turn), in 01 on main, after 01, continues the transcript and its answer',
    '05': 'side, in 05 on main, side call before the first turn',
    '06': 'main (turn), in 01 on main, after 04, continues the transcript and its answer',
    '07': 'main (turn), in 01 on subtask_1, after 06, for 06, prompt of a sub-task call',
    '08': 'main (turn), in 01 on main, after 06, continues the transcript and its answer',
    '09': 'side, in 09 on main, side call before the first turn',
    '10': 'main (turn), in 01 on main, after 08, continues the transcript and its answer',
    '11': 'main (turn), in 01 on main, after 10, continues the transcript and its answer',
    '12': 'side, in 12 on main, side call before the first turn',
    '13': 'main (turn), in 01 on main, after 11, continues the answer, history edited',
    '14': 'side, in 14 on main, side call before the first turn',
    '15': 'compaction, in 01 on main, after 13, continues the transcript and its answer',
    '16': 'side, in 16 on main, side call before the first turn',
    '17': 'main (turn), in 01 on compact 17, after 15, continues a summary',
  },
  // A search and a page, each read by a call beside the conversation.
  web: {
    '01': 'main (turn), in 01 on main, first turn',
    '02': 'web_search (side), in 01 on main, side call of the session',
    '03': 'main (turn), in 01 on main, after 01, continues the transcript and its answer',
    '04': 'main (turn), in 01 on main, after 03, continues the transcript and its answer',
    '05': 'web_fetch (side), in 01 on main, side call of the session',
    '06': 'main (turn), in 01 on main, after 04, continues the transcript and its answer',
  },
}

export const capturedPlaces: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(placesByStory).flatMap(([story, places]) =>
    Object.entries(places).map(([number, place]) => [`${story}/${number}`, place]),
  ),
)
