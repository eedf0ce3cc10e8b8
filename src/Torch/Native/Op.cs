namespace TorchSharp.Native;

/// <summary>
/// The operators in use, named as in libtorch's schemas (native_functions.yaml); an overload's name follows after an underscore
/// where there are several of one name. A field costs nothing until its first call.
/// </summary>
static class Op
{
    // Pointwise, one argument. `x_` works in place.
    public static readonly Operator
        abs = new(), abs_ = new(), acos = new(), asin = new(), atan = new(), bitwise_not = new(), ceil = new(), ceil_ = new(),
        cos = new(), cos_ = new(), cosh = new(), erf = new(), erf_ = new(), erfc = new(), erfinv = new(), exp = new(), exp_ = new(), exp2 = new(),
        expm1 = new(), expm1_ = new(), floor = new(), floor_ = new(), frac = new(), isfinite = new(), isinf = new(), isnan = new(),
        lgamma = new(), digamma = new(), log = new(), log_ = new(), log10 = new(), log1p = new(), log1p_ = new(), log2 = new(), logical_not = new(),
        neg = new(), neg_ = new(), reciprocal = new(), reciprocal_ = new(), relu = new(), relu_ = new(),
        round = new(), round_ = new(), rsqrt = new(), rsqrt_ = new(), sigmoid = new(), sigmoid_ = new(), sign = new(), sign_ = new(),
        silu = new(), silu_ = new(), sin = new(), sin_ = new(), sinh = new(), sqrt = new(), sqrt_ = new(),
        tan = new(), tanh = new(), tanh_ = new(), trunc = new(), trunc_ = new(), log_sigmoid = new(), zero_ = new(), positive = new();
    public static readonly Operator round_decimals = new("decimals", "round");

    // Arithmetic.
    public static readonly Operator
        add = new("Tensor"), add_ = new("Tensor"), sub = new("Tensor"), sub_ = new("Tensor"), mul = new("Tensor"), mul_ = new("Tensor"),
        add_Scalar = new("Scalar", "add"), add__Scalar = new("Scalar", "add_"), sub_Scalar = new("Scalar", "sub"), sub__Scalar = new("Scalar", "sub_"),
        mul_Scalar = new("Scalar", "mul"), mul__Scalar = new("Scalar", "mul_"), rsub_Scalar = new("Scalar", "rsub"),
        div = new("Tensor_mode"), div_ = new("Tensor_mode"), div_Scalar = new("Scalar_mode", "div"), div__Scalar = new("Scalar_mode", "div_"),
        remainder = new("Tensor"), remainder_Scalar = new("Scalar", "remainder"), fmod = new("Tensor"), fmod_Scalar = new("Scalar", "fmod"),
        pow = new("Tensor_Tensor"), pow_Scalar = new("Tensor_Scalar", "pow"), pow_ = new("Tensor"), pow__Scalar = new("Scalar", "pow_"),
        addcmul = new(), addcmul_ = new(), addcdiv = new(), addcdiv_ = new(), atan2 = new(), hypot = new(), copysign = new("Tensor"), logaddexp = new(),
        lerp = new("Tensor"), lerp_ = new("Tensor"),
        clamp = new(), clamp_ = new(), clamp_Tensor = new("Tensor", "clamp"), clamp__Tensor = new("Tensor", "clamp_"),
        clamp_min = new(), clamp_max = new(), clamp_min_ = new(), clamp_max_ = new(), nan_to_num = new(), nan_to_num_ = new(), xlogy = new("Tensor"),
            logit = new(),
        softplus = new(), leaky_relu = new(), elu = new(), gelu = new(), gelu_ = new(), hardtanh = new(), glu = new();

    // Bits and truth values.
    public static readonly Operator
        bitwise_and = new("Tensor"), bitwise_or = new("Tensor"), bitwise_xor = new("Tensor"),
        bitwise_left_shift = new("Tensor"), bitwise_right_shift = new("Tensor"),
        logical_and = new(), logical_or = new(), logical_xor = new(), logical_and_ = new(), logical_or_ = new(), logical_not_ = new();

    // Comparison.
    public static readonly Operator
        eq = new("Tensor"), ne = new("Tensor"), lt = new("Tensor"), le = new("Tensor"), gt = new("Tensor"), ge = new("Tensor"),
        eq_Scalar = new("Scalar", "eq"), ne_Scalar = new("Scalar", "ne"), lt_Scalar = new("Scalar", "lt"),
        le_Scalar = new("Scalar", "le"), gt_Scalar = new("Scalar", "gt"), ge_Scalar = new("Scalar", "ge"),
        maximum = new(), minimum = new(), fmax = new(), fmin = new(), allclose = new(), isclose = new(), equal = new(), isin = new("Tensor_Tensor"),
        searchsorted = new("Tensor"), bucketize = new("Tensor");

    // Reduction, sorting, counting.
    public static readonly Operator
        sum = new(), sum_dim = new("dim_IntList", "sum"), nansum = new(), mean = new(), mean_dim = new("dim", "mean"), nanmean = new(),
        prod = new(), prod_dim = new("dim_int", "prod"), var = new(), var_dim = new("dim", "var"), std = new(), std_dim = new("dim", "std"),
        max = new(), max_dim = new("dim", "max"), min = new(), min_dim = new("dim", "min"), amax = new(), amin = new(), aminmax = new(),
        argmax = new(), argmin = new(), argsort = new(), sort = new("stable"), topk = new(), kthvalue = new(), median = new(),
        all = new(), all_dim = new("dim", "all"), any = new(), any_dim = new("dim", "any"), count_nonzero = new("dim_IntList"),
        logsumexp = new(), cumsum = new(), cumprod = new(), logcumsumexp = new(), softmax = new("int"), log_softmax = new("int"),
        norm_Scalar = new("Scalar", "norm"), norm_dim = new("ScalarOpt_dim", "norm"), quantile = new(), bincount = new(),
        _unique2 = new(), unique_dim = new(), diff = new(), cov = new(), trace = new();

    // Linear algebra.
    public static readonly Operator
        matmul = new(), mm = new(), bmm = new(), mv = new(), dot = new(), outer = new(), inner = new(), addmm = new(), addmm_ = new(), baddbmm = new(),
        addmv = new(), addr = new(), einsum = new(), tensordot = new(), kron = new(), cdist = new(), tril = new(), tril_ = new(), triu = new(), triu_ = new(),
        linalg_inv = new(), linalg_solve = new(), linalg_cholesky = new(), linalg_eigh = new(), linalg_eigvalsh = new(), linalg_svd = new(),
            linalg_svdvals = new(),
        linalg_det = new(), linalg_slogdet = new(), linalg_lstsq = new(), linalg_solve_triangular = new(), linalg_pinv = new("atol_rtol_float"),
        linalg_norm = new(), linalg_norm_str = new("ord_str", "linalg_norm"), linalg_vector_norm = new(), linalg_matrix_rank = new("atol_rtol_float"),
        cholesky_solve = new(), logdet = new();

    // Shape and views.
    public static readonly Operator
        alias = new(), as_strided = new(), atleast_1d = new(), atleast_2d = new(), broadcast_to = new(), cat = new(), chunk = new(), diag = new(),
            diag_embed = new(), diagonal = new(),
        expand = new(), flatten = new("using_ints"), flip = new(), movedim = new("intlist"), narrow = new(), permute = new(), ravel = new(), repeat = new(),
        repeat_interleave = new("self_int"), repeat_interleave_Tensor = new("self_Tensor", "repeat_interleave"), reshape = new(), roll = new(),
        select = new("int"), slice = new("Tensor"), split = new("Tensor"), split_with_sizes = new(), squeeze = new(), squeeze_dim = new("dim", "squeeze"),
        squeeze_ = new(), squeeze__dim = new("dim", "squeeze_"), stack = new(), t = new(), tile = new(), transpose = new("int"), transpose_ = new(),
        unbind = new("int"), unflatten = new("int"), unfold = new(), unsqueeze = new(), unsqueeze_ = new(), view = new(), meshgrid = new("indexing"),
            tensor_split = new("indices");

    // Indexing.
    public static readonly Operator
        index = new("Tensor"), index_put_ = new(), index_select = new(), index_add = new(), index_add_ = new(), index_copy = new(), index_copy_ = new(),
        index_fill = new("int_Scalar"), index_fill_ = new("int_Scalar"),
        gather = new(), scatter = new("src"), scatter_ = new("src"), scatter_add = new(), scatter_add_ = new(), take = new(), take_along_dim = new(),
        masked_fill = new("Scalar"), masked_fill_ = new("Scalar"), masked_scatter = new(), masked_scatter_ = new(), masked_select = new(), nonzero = new(),
        where = new("self");

    // Creation, copies, conversion.
    public static readonly Operator
        empty = new("memory_format"), empty_strided = new(), empty_like = new(), zeros = new(), zeros_like = new(), ones = new(), ones_like = new(),
            full = new(), full_like = new(),
        arange = new("start_step"), linspace = new(), eye = new("m"), one_hot = new(), tril_indices = new(), triu_indices = new(),
        clone = new(), contiguous = new(), detach = new(), detach_ = new(), copy_ = new(), fill_ = new("Scalar"), retain_grad = new(),
        to_dtype = new("dtype", "to"), to_device = new("device", "to"), pin_memory = new(), _local_scalar_dense = new();

    // Randomness; every one takes a generator.
    public static readonly Operator
        uniform_ = new(), normal_ = new(), exponential_ = new(), random_ = new("from"), bernoulli = new(), bernoulli_ = new("float"), multinomial = new(),
            randperm = new("generator"),
        rand_like = new(), randn_like = new(), poisson = new();

    // Layers and losses.
    public static readonly Operator
        linear = new(), layer_norm = new(), group_norm = new(), conv1d = new(), conv2d = new(), conv3d = new(), scaled_dot_product_attention = new(),
        cross_entropy_loss = new(), nll_loss_nd = new(), mse_loss = new(), l1_loss = new(), smooth_l1_loss = new(), kl_div = new(),
        binary_cross_entropy_with_logits = new(), dropout = new(), dropout_ = new(), pad = new(), constant_pad_nd = new();

    // Many tensors at once: the optimiser's steps.
    public static readonly Operator
        _foreach_mul_ = new("Scalar"), _foreach_add_ = new("List"), _foreach_addcmul_ = new("Scalar"), _foreach_addcdiv_ = new("Scalar"),
        _foreach_sqrt = new(), _foreach_div_ = new("Scalar"), _foreach_add__Scalar = new("Scalar", "_foreach_add_");
}
