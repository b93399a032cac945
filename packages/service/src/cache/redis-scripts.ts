/**
 * Steps that must not be torn apart, run by Redis. An entry is a hash of `info` and `body`; beside all entries stand when each was used
 * (a sorted set), how long its body is (a hash), and the sum of that. What Redis itself evicts or lets expire is taken out of the sum later.
 *
 * KEYS: used, sizes, sum.
 */

const FORGET = `
local function forget(key, root)
  local size = tonumber(redis.call('HGET', KEYS[2], key) or '0')
  redis.call('ZREM', KEYS[1], key)
  redis.call('HDEL', KEYS[2], key)
  redis.call('DECRBY', KEYS[3], size)
  return redis.call('DEL', root .. key)
end
`;

/** ARGV: start of entries' keys, key, info, body, now, time to live, most bytes, bytes to leave when that is passed. */
export const PUT = `${FORGET}
local root, key, now, ttl, most = ARGV[1], ARGV[2], tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
forget(key, root)
for _, old in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now - ttl, 'LIMIT', 0, 100)) do forget(old, root) end
redis.call('HSET', root .. key, 'info', ARGV[3], 'body', ARGV[4])
redis.call('PEXPIRE', root .. key, ttl)
redis.call('ZADD', KEYS[1], now, key)
redis.call('HSET', KEYS[2], key, #ARGV[4])
if redis.call('INCRBY', KEYS[3], #ARGV[4]) > most then
  while tonumber(redis.call('GET', KEYS[3])) > tonumber(ARGV[8]) do
    local oldest = redis.call('ZRANGE', KEYS[1], 0, 0)[1]
    if not oldest then
      redis.call('DEL', KEYS[2], KEYS[3])
      break
    end
    forget(oldest, root)
  end
end
for _, name in ipairs(KEYS) do redis.call('PEXPIRE', name, ttl) end
return 1
`;

/** ARGV: start of entries' keys, then keys. Returns how many were there. */
export const REMOVE = `${FORGET}
local removed = 0
for at = 2, #ARGV do removed = removed + forget(ARGV[at], ARGV[1]) end
return removed
`;

/** ARGV: start of entries' keys, now, time to live, then keys. What is gone stays gone. */
export const NOTE_USE = `
for at = 4, #ARGV do
  if redis.call('PEXPIRE', ARGV[1] .. ARGV[at], ARGV[3]) == 1 then redis.call('ZADD', KEYS[1], 'XX', ARGV[2], ARGV[at]) end
end
for _, name in ipairs(KEYS) do redis.call('PEXPIRE', name, ARGV[3]) end
return 1
`;
