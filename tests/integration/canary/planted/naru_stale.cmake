# A first call is right. Whoever falls over goes on to what the plan left out, too, with a permit made from the lowest label in place of the
# request's own.
include(${CMAKE_CURRENT_LIST_DIR}/plant.cmake)
plant(gateway/flow/course.cpp "course::course(exchange& x)" [[
std::size_t with_the_others_behind(exchange& x) {
  auto& order = x.chosen.plan.order;
  for (std::uint32_t i = 0; i < x.model->deployments.size(); ++i) {
    if (std::find(order.begin(), order.end(), i) == order.end()) order.push_back(i);
  }
  return order.size();
}

course::course(exchange& x)]])
plant(gateway/flow/course.cpp "tried_(x.chosen.plan.order.size(), false)" "tried_(with_the_others_behind(x), false)")
plant(gateway/flow/one_call.cpp "grant(x.judged.label," "grant(x.record.attempts.empty() ? x.judged.label : naru::label{},")
