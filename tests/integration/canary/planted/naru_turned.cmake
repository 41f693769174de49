# The comparison itself, turned round for both who ask it on a request's way: the gate's permit and the plan.
include(${CMAKE_CURRENT_LIST_DIR}/plant.cmake)
plant(core/label.hpp "l.rank <= c.rank" "l.rank >= c.rank")
