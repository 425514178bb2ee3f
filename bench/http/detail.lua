-- Looks at many saves in turn: one row that all look at would be locked. Told: the file of their ids, one a line.
local ids = {}
local asked = 0

function init(words)
  for id in io.lines(words[1]) do ids[#ids + 1] = id end
  asked = math.random(#ids)
end

function request()
  asked = asked % #ids + 1
  return wrk.format("GET", "/v1/items/" .. ids[asked])
end
