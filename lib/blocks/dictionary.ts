/**
 * Text that bodies of the Claude API are full of, given to the compressor so that a small block need not
 * spell it out. What is likeliest stands last. Blocks name this dictionary by their codec: never change it,
 * add a second one.
 */
const words = `
the of and to in is that for it as with this you be are on not or from by at an have was will can if all your
which when they there has one more new use used using been would should could about into only other than then
these some what each how where who out up no time make like see first file files line lines code test tests error
errors function return value type name string number object array module import export default const let async
await class extends implements interface public private static readonly null undefined true false throw catch
try finally while switch case break continue typeof instanceof request response server client database message
\\n\\n\\n  \\n    \\n      \\n        if (\\n    return \\n  }\\n\\n  \\n    }\\n  }\\n}\\n\\nexport function \\nimport { } from '
\\nconst  = require('./\\n'use strict'\\n/**\\n * @param {string}\\n */\\nthis. = new Error( => {\\n    expect(). === 0) {\\n      ) else {\\n
\\n     1\\t\\n     2\\t\\n     3\\t\\n    10\\t\\n    20\\t\\n    40\\t\\n<system-reminder>\\n\\n</system-reminder>\\n`

const headers = `
[["accept","application/json"],["content-type","application/json"],["user-agent","Anthropic/JS claude-cli/ (external, cli)"],
["x-claude-code-session-id","x-stainless-arch","x64"],["x-stainless-lang","js"],["x-stainless-os","Linux"],["x-stainless-package-version",
["x-stainless-retry-count","0"],["x-stainless-runtime","node"],["x-stainless-runtime-version","v"],["x-stainless-timeout","600"],
["anthropic-beta","claude-code-20250219,interleaved-thinking-2025-05-14,context-management-2025-06-27,effort-2025-11-24"],
["anthropic-dangerous-direct-browser-access","true"],["anthropic-version","2023-06-01"],["x-app","cli"],["accept-encoding","gzip, deflate, br, zstd"],
["date"," GMT"],["content-type","text/event-stream; charset=utf-8"],["cache-control","no-cache"],["anthropic-ratelimit-unified-5h-status","allowed"],
["anthropic-ratelimit-requests-limit","anthropic-ratelimit-input-tokens-limit","anthropic-ratelimit-output-tokens-remaining","anthropic-ratelimit-tokens-reset","20",
["request-id","req_011C"],["strict-transport-security","max-age=31536000; includeSubDomains; preload"],["anthropic-organization-id",
["server","cloudflare"],["x-envoy-upstream-service-time","cf-cache-status","DYNAMIC"],["x-robots-tag","none"],["cf-ray","-FRA"]],
{"attempts":[{"accountId":"acc_","startedAtMs":17,"durationMs":,"status":200,"error":null,"reason":"
`

const messages = `
{"type":"error","error":{"type":"invalid_request_error","message":"","type":"overloaded_error","message":"Overloaded"},"request_id":"req_011C
{"model":"claude-","max_tokens":,"temperature":1,"stream":true,"metadata":{"user_id":"{\\"device_id\\":\\"","account_uuid\\":\\"\\",\\"session_id\\":\\"
"thinking":{"type":"adaptive","display":"omitted"},"context_management":{"edits":[{"type":"clear_thinking_20251015","keep":"all"}]},"output_config":{"effort":"high"},
"tools":[{"name":"Bash","description":"","input_schema":{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","properties":{"
":{"type":"string","description":"},"required":["],"additionalProperties":false}},{"name":"
"system":[{"type":"text","text":"x-anthropic-billing-header: cc_version=2.1.; cc_entrypoint=cli;"},{"type":"text","text":"You are Claude Code, Anthropic's official CLI for Claude.","cache_control":{"type":"ephemeral"}},
"messages":[{"role":"user","content":"},{"role":"user","content":[{"type":"text","text":"<system-reminder>\\n"},{"role":"system","content":"
},{"role":"assistant","content":[{"type":"thinking","thinking":"","signature":"},{"type":"text","text":"},{"type":"tool_use","id":"toolu_01","name":"Edit","input":{"file_path":"/home/","old_string":"","new_string":"","replace_all":false}
"name":"Read","input":{"file_path":"/","offset":,"limit":}},"name":"Bash","input":{"command":"cd /","description":"
}]},{"role":"user","content":[{"tool_use_id":"toolu_01","type":"tool_result","content":"","is_error":true,"cache_control":{"type":"ephemeral"}}]},{"role":"assistant","content":[{"type":"
`

const events = `event: message_start
data: {"type":"message_start","message":{"id":"msg_01","type":"message","role":"assistant","model":"claude-","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":,"cache_creation_input_tokens":0,"cache_read_input_tokens":,"cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":0},"output_tokens":1,"service_tier":"standard","inference_geo":"global"}}}

event: content_block_start
data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}

event: ping
data: {"type":"ping"}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":""}}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":""}}

event: content_block_stop
data: {"type":"content_block_stop","index":0}

event: content_block_start
data: {"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}

event: content_block_delta
data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":""}}

event: content_block_stop
data: {"type":"content_block_stop","index":1}

event: content_block_start
data: {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"toolu_01","name":"Read","input":{}}}

event: content_block_delta
data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":""}}

event: content_block_stop
data: {"type":"content_block_stop","index":2}

event: message_delta
data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"input_tokens":,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":}}

event: message_delta
data: {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":}}

event: message_stop
data: {"type":"message_stop"}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":""}}

`

/** What the details of an exchange repeat, and the end of a usual request. */
const details = `
"usage":{"input_tokens":,"cache_creation_input_tokens":,"cache_read_input_tokens":,"cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":},"output_tokens":
"metadata":{"user_id":"{\\"device_id\\":\\"\\",\\"account_uuid\\":\\"\\",\\"session_id\\":\\""}"},"max_tokens":32000,"max_tokens":64000,"max_tokens":128000,
{"received":[["Accept","application/json"],["Content-Type","application/json"],["User-Agent","claude-cli/ (external, cli)"],["X-Claude-Code-Session-Id","X-Stainless-Arch","x64"],
"forwarded":[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,["authorization","[removed]"],["x-api-key","[removed]"]],"returned":[["date"],
,"noAccount":{"reason":"all are limited","reason":"session is bound","reason":"weighted","reason":"only candidate","reason":"first in order",
,"values":["0","1","Mon, Tue, Wed, Thu, Fri, Sat, Sun, Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec 2026 2027 :00:00 GMT","allowed","1000","4000000","000","2026-2027-00:00Z","0.0","0.1","req_011C","-FRA"],"target":"/v1/messages?beta=true","attempts":[{"accountId":"acc_","startedAtMs":179,"durationMs":,"status":200,"error":null,"reason":"only account"}],"arrivals":[[16,25,26,27,28,30,32,33,40,50],[]],"drops":[null,null]}
`

/** The first one, for what was stored with it. */
export const oldDictionary = Buffer.from(words + headers + messages + events)
export const dictionary = Buffer.from(words + headers + messages + details + events)
