using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor view(params long[] shape) => Op.view.Call(this, shape);
        public Tensor view_as(Tensor other) => view(other.shape);
        public Tensor reshape(params long[] shape) => Op.reshape.Call(this, shape);
        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Op.flatten.Call(this, start_dim, end_dim);
        public Tensor unflatten(long dim, params long[] sizes) => Op.unflatten.Call(this, dim, sizes);
        public Tensor ravel() => Op.ravel.Call(this);

        public Tensor transpose(long dim0, long dim1) => Op.transpose.Call(this, dim0, dim1);
        public Tensor transpose_(long dim0, long dim1) => Op.transpose_.InPlace(this, dim0, dim1);
        public Tensor swapaxes(long dim0, long dim1) => transpose(dim0, dim1);
        public Tensor t() => Op.t.Call(this);
        public Tensor T => permute([.. Enumerable.Range(0, (int)ndim).Reverse().Select(d => (long)d)]);
        public Tensor mT => transpose(-2, -1);
        public Tensor permute(params long[] permutation) => Op.permute.Call(this, permutation);
        public Tensor permute(IEnumerable<long> permutation) => permute(permutation.ToArray());
        public Tensor movedim(long[] source, long[] destination) => Op.movedim.Call(this, source, destination);

        public Tensor squeeze(long? dim = null) => dim is { } d ? Op.squeeze_dim.Call(this, d) : Op.squeeze.Call(this);
        public Tensor squeeze_(long? dim = null) => dim is { } d ? Op.squeeze__dim.InPlace(this, d) : Op.squeeze_.InPlace(this);
        public Tensor unsqueeze(long dim) => Op.unsqueeze.Call(this, dim);
        public Tensor unsqueeze_(long dim) => Op.unsqueeze_.InPlace(this, dim);
        public Tensor atleast_1d() => Op.atleast_1d.Call(this);
        public Tensor atleast_2d() => Op.atleast_2d.Call(this);

        public Tensor expand(params long[] sizes) => Op.expand.Call(this, sizes);
        public Tensor expand(long[] sizes, bool isImplicit = false) => Op.expand.Call(this, sizes, isImplicit);
        public Tensor expand(ReadOnlySpan<long> sizes, bool isImplicit = false) => Op.expand.Call(this, sizes, isImplicit);
        public Tensor expand_as(Tensor other) => expand(other.shape);
        public Tensor broadcast_to(params long[] shape) => Op.broadcast_to.Call(this, shape);
        public Tensor repeat(params long[] sizes) => Op.repeat.Call(this, sizes);
        public Tensor repeat_interleave(long repeats, long? dim = null, long? output_size = null) => Op.repeat_interleave.Call(this, repeats, dim, output_size);
        public Tensor repeat_interleave(Tensor repeats, long? dim = null, long? output_size = null) =>
            Op.repeat_interleave_Tensor.Call(this, repeats, dim, output_size);
        public Tensor tile(long[] reps) => Op.tile.Call(this, reps);

        public Tensor[] chunk(long chunks, long dim = 0L) => Op.chunk.CallList(this, chunks, dim);
        public Tensor[] split(long size, int dim = 0) => Op.split.CallList(this, size, dim);
        public Tensor[] split(long[] sizes, long dim = 0) => Op.split_with_sizes.CallList(this, sizes, dim);
        public Tensor[] split(params long[] sizes) => Op.split_with_sizes.CallList(this, sizes);
        public Tensor[] split(ReadOnlySpan<long> sizes, long dim = 0) => Op.split_with_sizes.CallList(this, sizes, dim);
        public Tensor[] tensor_split(long[] sizes, long dim = 0L) => Op.tensor_split.CallList(this, sizes, dim);
        public Tensor[] unbind(long dimension = 0L) => Op.unbind.CallList(this, dimension);

        public Tensor narrow(long dim, long start, long length) => Op.narrow.Call(this, dim, start, length);
        public Tensor select(long dim, long index) => Op.select.Call(this, dim, index);
        public Tensor slice(long dim, long start, long finish, long step) => Op.slice.Call(this, dim, start, finish, step);
        public Tensor diagonal(long offset = 0L, long dim1 = 0L, long dim2 = 1L) => Op.diagonal.Call(this, offset, dim1, dim2);
        public Tensor diag(long diagonal = 0) => Op.diag.Call(this, diagonal);
        public Tensor diag_embed(long offset = 0L, long dim1 = -2L, long dim2 = -1L) => Op.diag_embed.Call(this, offset, dim1, dim2);
        public Tensor as_strided(long[] size, long[] strides, long storageOffset = 0L) => Op.as_strided.Call(this, size, strides, storageOffset);
        public Tensor unfold(long dimension, long size, long step) => Op.unfold.Call(this, dimension, size, step);
        public Tensor tril(long diagonal = 0) => Op.tril.Call(this, diagonal);
        public Tensor tril_(long diagonal = 0) => Op.tril_.InPlace(this, diagonal);
        public Tensor triu(long diagonal = 0) => Op.triu.Call(this, diagonal);
        public Tensor triu_(long diagonal = 0) => Op.triu_.InPlace(this, diagonal);

        public Tensor flip(params long[] dims) => Op.flip.Call(this, dims);
        public Tensor roll(long shifts, long? dims = null) => Op.roll.Call(this, new[] { shifts }, dims is { } d ? new[] { d } : (long[])[]);
        public Tensor roll(long[] shifts, long[] dims) => Op.roll.Call(this, shifts, dims);
        public Tensor roll((long, long) shifts, (long, long) dims) =>
            Op.roll.Call(this, new[] { shifts.Item1, shifts.Item2 }, new[] { dims.Item1, dims.Item2 });
    }
}
