using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor matmul(Tensor target) => Op.matmul.Call(this, target);
        public Tensor mm(Tensor target) => Op.mm.Call(this, target);
        public Tensor bmm(Tensor batch2) => Op.bmm.Call(this, batch2);
        public Tensor mv(Tensor target) => Op.mv.Call(this, target);
        public Tensor dot(Tensor target) => Op.dot.Call(this, target);
        public Tensor outer(Tensor vec2) => Op.outer.Call(this, vec2);
        public Tensor inner(Tensor vec2) => Op.inner.Call(this, vec2);
        public Tensor addmm(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) => Op.addmm.Call(this, mat1, mat2, beta, alpha);
        public Tensor addmm_(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) => Op.addmm_.InPlace(this, mat1, mat2, beta, alpha);
        public Tensor addmv(Tensor mat, Tensor vec, float beta = 1.0f, float alpha = 1.0f) => Op.addmv.Call(this, mat, vec, beta, alpha);
        public Tensor addr(Tensor vec1, Tensor vec2, float beta = 1.0f, float alpha = 1.0f) => Op.addr.Call(this, vec1, vec2, beta, alpha);
        public Tensor baddbmm(Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) => Op.baddbmm.Call(this, batch1, batch2, beta, alpha);
        public Tensor tensordot(Tensor b, long[] dims1, long[] dims2) => Op.tensordot.Call(this, b, dims1, dims2);
        public Tensor kron(Tensor other) => Op.kron.Call(this, other);
        public Tensor inverse() => linalg.inv(this);
        public Tensor cholesky(bool upper = false) => Op.linalg_cholesky.Call(this, upper);
        public Tensor cholesky_solve(Tensor input2, bool upper = false) => Op.cholesky_solve.Call(this, input2, upper);
        public Tensor det() => Op.linalg_det.Call(this);
        public Tensor logdet() => Op.logdet.Call(this);
        public Tensor pinverse(double rcond = 1e-15, bool hermitian = false) => Op.linalg_pinv.Call(this, Argument.None, rcond, hermitian);
    }

    public static partial class linalg
    {
        public static Tensor inv(Tensor input) => Op.linalg_inv.Call(input);
        /// <summary>X with A X = B (left) or X A = B.</summary>
        public static Tensor solve(Tensor A, Tensor B, bool left = true) => Op.linalg_solve.Call(A, B, left);
        public static Tensor solve_triangular(Tensor A, Tensor B, bool upper, bool left = true, bool unitriangular = false, Tensor? @out = null)
        {
            var solution = Op.linalg_solve_triangular.Call(A, B, upper, left, unitriangular);
            if (@out is null) return solution;
            using (solution) return @out.copy_(solution);
        }
        public static Tensor cholesky(Tensor input) => Op.linalg_cholesky.Call(input);
        public static (Tensor, Tensor) eigh(Tensor input, char UPLO = 'L') => Op.linalg_eigh.Call2(input, UPLO.ToString());
        public static Tensor eigvalsh(Tensor input, char UPLO = 'L') => Op.linalg_eigvalsh.Call(input, UPLO.ToString());
        public static (Tensor U, Tensor S, Tensor Vh) svd(Tensor input, bool fullMatrices = true)
        {
            var parts = Op.linalg_svd.CallMany(3, input, fullMatrices);
            return (parts[0]!, parts[1]!, parts[2]!);
        }
        public static Tensor svdvals(Tensor input) => Op.linalg_svdvals.Call(input);
        public static Tensor det(Tensor input) => Op.linalg_det.Call(input);
        public static (Tensor, Tensor) slogdet(Tensor input) => Op.linalg_slogdet.Call2(input);
        public static (Tensor Solution, Tensor Residuals, Tensor Rank, Tensor SingularValues) lstsq(Tensor input, Tensor other)
        {
            var parts = Op.linalg_lstsq.CallMany(4, input, other);
            return (parts[0]!, parts[1]!, parts[2]!, parts[3]!);
        }
        public static Tensor norm(Tensor input, string ord, long[]? dims = null, bool keepdim = false) => Op.linalg_norm_str.Call(input, ord, dims, keepdim);
        public static Tensor norm(Tensor input, double ord, long[]? dims = null, bool keepdim = false) => Op.linalg_norm.Call(input, ord, dims, keepdim);
        public static Tensor norm(Tensor input, int ord, long[]? dims = null, bool keepdim = false) => Op.linalg_norm.Call(input, ord, dims, keepdim);
        public static Tensor norm(Tensor input, long[]? dims = null, bool keepdim = false) => Op.linalg_norm.Call(input, Argument.None, dims, keepdim);
        public static Tensor vector_norm(Tensor input, double ord = 2d, long[]? dims = null, bool keepdim = false) =>
            Op.linalg_vector_norm.Call(input, ord, dims, keepdim);
        public static Tensor matrix_rank(Tensor input, double? atol = null, double? rtol = null, bool hermitian = false) =>
            Op.linalg_matrix_rank.Call(input, atol, rtol, hermitian);
        public static Tensor pinv(Tensor input, double? atol = null, double? rtol = null, bool hermitian = false) =>
            Op.linalg_pinv.Call(input, atol, rtol, hermitian);
    }
}
