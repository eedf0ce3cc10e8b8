// libtorch's operator dispatcher behind a small C interface.
//
// Everything that computes goes through one function, vrp_call: operators are found by their schema name
// ("aten::add", "Tensor"), arguments are boxed into IValues, and the dispatcher does the rest (autograd, CPU or CUDA
// kernels, type promotion). What is no operator (metadata, memory, grad mode, backward, generators, threads) has a
// function of its own. The dispatcher's interface has been stable since 1.13, so this file compiles against every
// libtorch from 1.13 on; the few places where versions differ are marked with their version. It is one file on purpose:
// the build is one call of the compiler, and reading libtorch's headers is most of its seven seconds.
//
// Rules: a tensor handle is a TensorImpl* that owns one reference. A function that can fail returns a negative number
// or null and leaves the reason for vrp_error(), per thread. No exception crosses the boundary.

#if __has_include(<torch/csrc/api/include/torch/version.h>)
#include <torch/csrc/api/include/torch/version.h>
#else
#include <torch/version.h>
#endif

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>
#include <ATen/core/stack.h>
#include <ATen/ops/from_blob.h>
#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <torch/csrc/autograd/autograd.h>

#include <dlfcn.h>

#include <cstdint>
#include <cstring>
#include <mutex>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#define VRP_API extern "C" __attribute__((visibility("default")))
#define VRP_TORCH_AT_LEAST(major, minor) \
  (TORCH_VERSION_MAJOR > (major) || (TORCH_VERSION_MAJOR == (major) && TORCH_VERSION_MINOR >= (minor)))

namespace {

using Impl = c10::TensorImpl;
using ImplPtr = c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>;
#if VRP_TORCH_AT_LEAST(2, 5)
using OptionalTensor = std::optional<at::Tensor>;
#else
using OptionalTensor = c10::optional<at::Tensor>;
#endif

// The same numbers as NativeKind in Native/NativeValue.cs.
enum class Kind : int32_t { None, Tensor, Int, Double, Bool, String, Device, Generator, Ints, Doubles, Tensors };

// One argument or result. Lists and strings lie at `pointer` with `length` entries; arguments belong to the caller,
// results to this thread until its next call.
struct Value {
  Kind kind;
  int32_t length;
  union {
    int64_t integer;
    double real;
    const void* pointer;
    struct { int32_t device_type, device_index; };
  };
};

// What the schema asks for, worked out once per operator so that a call needs no look at types.
enum class Want : uint8_t { Other, Double, Tensors, OptionalTensors, Ints, Doubles, Bools };

struct Operator {
  c10::OperatorHandle handle;
  std::vector<Want> wants;
  std::vector<c10::IValue> defaults;  // None where the schema has no default
  std::vector<bool> required;
};

thread_local std::string error;
thread_local torch::jit::Stack stack;
thread_local std::vector<Impl*> returned_list;

at::Tensor borrow(const void* handle) {
  if (handle == nullptr) return at::Tensor();
  return at::Tensor(ImplPtr::reclaim_copy(static_cast<Impl*>(const_cast<void*>(handle))));
}

Impl* own(at::Tensor&& tensor) { return tensor.defined() ? tensor.unsafeReleaseTensorImpl() : nullptr; }

std::vector<at::Tensor> borrow_all(Impl* const* handles, int64_t count) {
  std::vector<at::Tensor> tensors;
  tensors.reserve(count);
  for (int64_t i = 0; i < count; i++) tensors.push_back(borrow(handles[i]));
  return tensors;
}

template <class Result, class Body>
Result guarded(Result failed, Body&& body) noexcept {
  try {
    return body();
  } catch (const c10::Error& e) {
    error = e.what_without_backtrace();
  } catch (const std::exception& e) {
    error = e.what();
  } catch (...) {
    error = "an exception of unknown type";
  }
  return failed;
}

Want want_of(c10::TypePtr type) {
  if (auto optional = type->cast<c10::OptionalType>()) type = optional->getElementType();
  if (type->kind() == c10::TypeKind::FloatType) return Want::Double;
  if (auto list = type->cast<c10::ListType>()) {
    auto element = list->getElementType();
    switch (element->kind()) {
      case c10::TypeKind::TensorType: return Want::Tensors;
      case c10::TypeKind::OptionalType: return Want::OptionalTensors;
      case c10::TypeKind::FloatType: return Want::Doubles;
      case c10::TypeKind::BoolType: return Want::Bools;
      default: return Want::Ints;  // int[] and, from 2.0 on, SymInt[], which takes an int list as it is
    }
  }
  return Want::Other;
}

c10::IValue box(const Value& v, Want want) {
  switch (v.kind) {
    case Kind::None: return {};
    case Kind::Tensor: return borrow(v.pointer);
    case Kind::Int: return want == Want::Double ? c10::IValue(static_cast<double>(v.integer)) : c10::IValue(v.integer);
    case Kind::Double: return v.real;
    case Kind::Bool: return v.integer != 0;
    case Kind::String: return std::string(static_cast<const char*>(v.pointer), v.length);
    case Kind::Device:
      return c10::Device(static_cast<c10::DeviceType>(v.device_type), static_cast<c10::DeviceIndex>(v.device_index));
    case Kind::Generator: return *static_cast<const at::Generator*>(v.pointer);
    case Kind::Doubles: {
      auto from = static_cast<const double*>(v.pointer);
      return c10::IValue(std::vector<double>(from, from + v.length));
    }
    case Kind::Ints: {
      auto from = static_cast<const int64_t*>(v.pointer);
      if (want == Want::Doubles) return c10::IValue(std::vector<double>(from, from + v.length));
      if (want == Want::Bools) {
        c10::List<bool> list;
        for (int32_t i = 0; i < v.length; i++) list.push_back(from[i] != 0);
        return list;
      }
      return c10::IValue(std::vector<int64_t>(from, from + v.length));
    }
    case Kind::Tensors: {
      auto from = static_cast<Impl* const*>(v.pointer);
      if (want == Want::OptionalTensors) {
        c10::List<OptionalTensor> list;
        list.reserve(v.length);
        for (int32_t i = 0; i < v.length; i++)
          list.push_back(from[i] ? OptionalTensor(borrow(from[i])) : OptionalTensor());
        return c10::IValue(std::move(list));
      }
      c10::List<at::Tensor> list;
      list.reserve(v.length);
      for (int32_t i = 0; i < v.length; i++) list.push_back(borrow(from[i]));
      return c10::IValue(std::move(list));
    }
  }
  TORCH_CHECK(false, "unknown kind of argument ", static_cast<int>(v.kind));
}

void unbox(c10::IValue&& v, Value& out) {
  out.length = 0;
  out.integer = 0;
  if (v.isTensor()) {
    out.pointer = own(std::move(v).toTensor());
    out.kind = out.pointer ? Kind::Tensor : Kind::None;
  } else if (v.isTensorList()) {
    returned_list.clear();
    for (at::Tensor tensor : v.toTensorVector()) returned_list.push_back(own(std::move(tensor)));
    out.kind = Kind::Tensors;
    out.length = static_cast<int32_t>(returned_list.size());
    out.pointer = returned_list.data();
  } else if (v.isBool()) {
    out.kind = Kind::Bool;
    out.integer = v.toBool();
  } else if (v.isInt()) {
    out.kind = Kind::Int;
    out.integer = v.toInt();
  } else if (v.isDouble()) {
    out.kind = Kind::Double;
    out.real = v.toDouble();
  } else {
    TORCH_CHECK(v.isNone(), "a result of type ", v.tagKind(), " has no counterpart in the C interface");
    out.kind = Kind::None;
  }
}

const c10::impl::DeviceGuardImplInterface* device_guard(int32_t type) {
  auto device_type = static_cast<c10::DeviceType>(type);
  return c10::impl::hasDeviceGuardImpl(device_type) ? c10::impl::getDeviceGuardImpl(device_type) : nullptr;
}

// OpenBLAS keeps threads of its own, which libtorch does not tell. Debian loads it twice: once as libblas.so.3 (matrix
// products, found from here) and once below LAPACK.
void set_openblas_threads(int count) {
  const char* name = "openblas_set_num_threads";
  void* below_lapack = dlopen("libopenblas.so.0", RTLD_LAZY | RTLD_NOLOAD);
  for (void* found : {dlsym(RTLD_DEFAULT, name), below_lapack ? dlsym(below_lapack, name) : nullptr})
    if (found) reinterpret_cast<void (*)(int)>(found)(count);
  if (below_lapack) dlclose(below_lapack);
}

}  // namespace

VRP_API const char* vrp_error() { return error.c_str(); }

// The operator with this name and overload; null with an empty error when this libtorch does not have it.
VRP_API Operator* vrp_find(const char* name, const char* overload) {
  return guarded<Operator*>(nullptr, [&]() -> Operator* {
    error.clear();
    auto found = c10::Dispatcher::singleton().findSchema({name, overload});
    if (!found.has_value()) return nullptr;
    auto op = new Operator{*found, {}, {}, {}};
    for (const auto& argument : found->schema().arguments()) {
      op->wants.push_back(want_of(argument.type()));
      op->required.push_back(!argument.default_value().has_value());
      op->defaults.push_back(argument.default_value().has_value() ? *argument.default_value() : c10::IValue());
    }
    return op;
  });
}

// The schema as libtorch prints it; valid until this thread's next call of this function.
VRP_API const char* vrp_schema(const Operator* op) {
  thread_local std::string text;
  return guarded<const char*>(nullptr, [&] {
    std::ostringstream out;
    out << op->handle.schema();
    text = out.str();
    return text.c_str();
  });
}

// Calls the operator with `count` arguments in the schema's order; the rest take the schema's defaults. Writes at most
// `capacity` results (none when `results` is null: an operator in place) and returns their number.
VRP_API int32_t vrp_call(const Operator* op, const Value* arguments, int32_t count, Value* results, int32_t capacity) {
  int32_t returned = guarded<int32_t>(-1, [&]() -> int32_t {
    stack.clear();
    const auto total = static_cast<int32_t>(op->wants.size());
    TORCH_CHECK(count <= total, "takes ", total, " arguments, got ", count);
    for (int32_t i = 0; i < count; i++) stack.push_back(box(arguments[i], op->wants[i]));
    for (int32_t i = count; i < total; i++) {
      TORCH_CHECK(!op->required[i], "argument ", i, " (", op->handle.schema().arguments()[i].name(), ") has no default");
      stack.push_back(op->defaults[i]);
    }
    op->handle.callBoxed(&stack);
    if (results == nullptr) return static_cast<int32_t>(stack.size());
    TORCH_CHECK(static_cast<int32_t>(stack.size()) <= capacity, "returned ", stack.size(), " values, room for ", capacity);
    for (size_t i = 0; i < stack.size(); i++) unbox(std::move(stack[i]), results[i]);
    return static_cast<int32_t>(stack.size());
  });
  stack.clear();  // the arguments' references, also after an error
  return returned;
}

// A tensor over the caller's memory; `release(context)` is called when its storage dies, also when this function fails.
VRP_API Impl* vrp_from_memory(void* data, const int64_t* sizes, int32_t dims, int32_t dtype, void (*release)(void*), void* context) {
  bool adopted = false;
  auto made = guarded<Impl*>(nullptr, [&] {
    auto options = at::TensorOptions().dtype(static_cast<at::ScalarType>(dtype)).device(at::kCPU);
    auto deleter = [release, context](void*) { if (release) release(context); };
    adopted = true;
    return own(at::from_blob(data, at::IntArrayRef(sizes, dims), deleter, options));
  });
  if (!adopted && release) release(context);
  return made;
}

VRP_API void vrp_release(Impl* tensor) {
  guarded<int>(0, [&] { ImplPtr::reclaim(tensor); return 0; });
}

struct Metadata {
  int64_t dims, elements, element_size, storage_offset;
  const int64_t* sizes;    // valid as long as the tensor is neither freed nor resized
  const int64_t* strides;
  void* data;              // null for a tensor without storage (meta)
  int32_t dtype, device_type, device_index, contiguous, requires_grad, is_leaf;
};

VRP_API int32_t vrp_metadata(Impl* impl, Metadata* out) {
  return guarded<int32_t>(-1, [&] {
    auto tensor = borrow(impl);
    *out = {};
    out->dims = tensor.dim();
    out->elements = tensor.numel();
    out->element_size = static_cast<int64_t>(tensor.element_size());
    out->storage_offset = tensor.storage_offset();
    out->sizes = tensor.sizes().data();
    out->strides = tensor.strides().data();
    out->dtype = static_cast<int32_t>(tensor.scalar_type());
    out->device_type = static_cast<int32_t>(tensor.device().type());
    out->device_index = tensor.device().index();
    out->contiguous = tensor.is_contiguous();
    out->requires_grad = tensor.requires_grad();
    out->is_leaf = tensor.is_leaf();
    out->data = tensor.has_storage() && tensor.device().type() != at::kMeta ? tensor.data_ptr() : nullptr;
    return 0;
  });
}

VRP_API int32_t vrp_set_requires_grad(Impl* impl, int32_t requires_grad) {
  return guarded<int32_t>(-1, [&] { borrow(impl).set_requires_grad(requires_grad != 0); return 0; });
}

VRP_API Impl* vrp_grad(Impl* impl) {
  return guarded<Impl*>(nullptr, [&] { error.clear(); return own(at::Tensor(borrow(impl).grad())); });
}

VRP_API int32_t vrp_set_grad(Impl* impl, Impl* grad) {
  return guarded<int32_t>(-1, [&] { borrow(impl).mutable_grad() = borrow(grad); return 0; });
}

// Without `results`: accumulates into the leaves' grad (those of `inputs` when there are any). With `results` (room for
// n_inputs): returns the gradients of the inputs instead, null for one that the outputs do not depend on.
VRP_API int32_t vrp_backward(Impl* const* outputs, Impl* const* gradients, int32_t n_outputs, Impl* const* inputs, int32_t n_inputs,
                             int32_t retain_graph, int32_t create_graph, int32_t allow_unused, Impl** results) {
  return guarded<int32_t>(-1, [&] {
    auto roots = borrow_all(outputs, n_outputs);
    auto seeds = gradients ? borrow_all(gradients, n_outputs) : std::vector<at::Tensor>{};
    auto leaves = borrow_all(inputs, n_inputs);
    if (results == nullptr) {
      torch::autograd::backward(roots, seeds, retain_graph != 0, create_graph != 0, leaves);
    } else {
      auto found = torch::autograd::grad(roots, leaves, seeds, retain_graph != 0, create_graph != 0, allow_unused != 0);
      for (size_t i = 0; i < found.size(); i++) results[i] = own(std::move(found[i]));
    }
    return 0;
  });
}

// Sets this thread's grad mode (negative: leaves it) and returns what it was.
VRP_API int32_t vrp_grad_mode(int32_t enabled) {
  const bool before = c10::GradMode::is_enabled();
  if (enabled >= 0) c10::GradMode::set_enabled(enabled != 0);
  return before;
}

// A guard of this thread, to be ended on it, innermost first.
VRP_API void* vrp_inference_begin(int32_t enabled) {
  return guarded<void*>(nullptr, [&]() -> void* { return new c10::InferenceMode(enabled != 0); });
}

VRP_API void vrp_inference_end(void* guard) { delete static_cast<c10::InferenceMode*>(guard); }

VRP_API int32_t vrp_inference_mode() { return c10::InferenceMode::is_enabled(); }

// A handle of the device's default generator, or of a new one (a clone of it: the way that needs no CUDA header).
VRP_API at::Generator* vrp_generator(int32_t device_type, int32_t device_index, int32_t fresh) {
  return guarded<at::Generator*>(nullptr, [&] {
    c10::Device device(static_cast<c10::DeviceType>(device_type), static_cast<c10::DeviceIndex>(device_index));
    at::Generator shared = at::globalContext().defaultGenerator(device);
    return new at::Generator(fresh ? shared.clone() : shared);
  });
}

VRP_API void vrp_generator_release(at::Generator* generator) { delete generator; }

// Seeds when `seed` is given; returns the seed in force in `current`.
VRP_API int32_t vrp_generator_seed(at::Generator* generator, const uint64_t* seed, uint64_t* current) {
  return guarded<int32_t>(-1, [&] {
    std::lock_guard<std::mutex> lock(generator->mutex());
    if (seed) generator->set_current_seed(*seed);
    *current = generator->current_seed();
    return 0;
  });
}

// The state as a byte tensor; with `state`, sets it instead and returns null.
VRP_API Impl* vrp_generator_state(at::Generator* generator, Impl* state) {
  return guarded<Impl*>(nullptr, [&]() -> Impl* {
    error.clear();
    std::lock_guard<std::mutex> lock(generator->mutex());
    if (state == nullptr) return own(generator->get_state());
    generator->set_state(borrow(state));
    return nullptr;
  });
}

// Sets (0: leaves) the number of threads inside an operator or, with `interop`, between operators; returns it.
VRP_API int32_t vrp_threads(int32_t interop, int32_t count) {
  return guarded<int32_t>(-1, [&]() -> int32_t {
    if (interop) {
      if (count > 0) at::set_num_interop_threads(count);
      return at::get_num_interop_threads();
    }
    if (count > 0) {
      at::set_num_threads(count);
      set_openblas_threads(count);
    }
    return at::get_num_threads();
  });
}

VRP_API int32_t vrp_device_count(int32_t device_type) {
  return guarded<int32_t>(0, [&]() -> int32_t {
    auto guard = device_guard(device_type);
    return guard ? guard->deviceCount() : 0;
  });
}

// Waits for the work queued on the device (index -1: the current one).
VRP_API int32_t vrp_synchronize(int32_t device_type, int32_t device_index) {
  return guarded<int32_t>(-1, [&] {
    auto guard = device_guard(device_type);
    TORCH_CHECK(guard != nullptr, "this libtorch was built without ", c10::DeviceTypeName(static_cast<c10::DeviceType>(device_type)));
    auto device = device_index < 0 ? guard->getDevice()
        : c10::Device(static_cast<c10::DeviceType>(device_type), static_cast<c10::DeviceIndex>(device_index));
    guard->getStream(device).synchronize();  // no other stream is ever used through this interface
    return 0;
  });
}

// The version compiled against, a line feed, then libtorch's own build description (compiler, BLAS, CPU capability, CUDA).
VRP_API const char* vrp_configuration() {
  static const std::string text = guarded<std::string>("", [] { return std::string(TORCH_VERSION) + "\n" + at::show_config(); });
  return text.c_str();
}
