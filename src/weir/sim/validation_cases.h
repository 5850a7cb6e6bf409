// The tables that validation_cases() puts together.

#pragma once

#include <vector>

#include "weir/sim/validation.h"

namespace weir::sim {

using ValidationTable = std::vector<ValidationCase>;

ValidationTable one_server_cases();
ValidationTable general_service_cases();
ValidationTable central_line_cases();
ValidationTable many_line_cases();
ValidationTable bounded_cases();
ValidationTable closed_cases();
ValidationTable changing_cases();
ValidationTable machine_cases();
ValidationTable attempt_cases();

}  // namespace weir::sim
