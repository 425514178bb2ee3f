-- Saves a link that nobody has saved. Told: four characters that no other run has.
local threads = 0
local made = 0

function setup(thread)
  threads = threads + 1
  thread:set("number", threads)
end

function init(words)
  begins = words[1] .. number
  wrk.headers["content-type"] = "application/json"
end

function request()
  made = made + 1
  local video = string.format("%s%06d", begins, made)
  return wrk.format("POST", nil, nil, '{"url": "https://www.youtube.com/watch?v=' .. video .. '"}')
end
