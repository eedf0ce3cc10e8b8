using System.Runtime.CompilerServices;
using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        [IndexerName("TensorItems")]
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params long[] indices]
        {
            get => Selected(indices);
            set => Assign(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1]
        {
            get => Op.select.Call(this, 0, i1);
            set => Assign(value, i1);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2]
        {
            get => Selected(i1, i2);
            set => Assign(value, i1, i2);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3]
        {
            get => Selected(i1, i2, i3);
            set => Assign(value, i1, i2, i3);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4]
        {
            get => Selected(i1, i2, i3, i4);
            set => Assign(value, i1, i2, i3, i4);
        }

        Tensor Selected(params ReadOnlySpan<long> indices)
        {
            if (indices.Length == 0) return alias();
            var result = select(0, indices[0]);
            foreach (long i in indices[1..]) result = Replaced(result, result.select(0, i));
            return result;
        }

        void Assign(Tensor value, params ReadOnlySpan<long> indices)
        {
            using var place = Selected(indices);
            place.copy_(value);
        }

        /// <summary>The part that a Python-like index expression names: a view where only numbers and slices are used, else a copy.</summary>
        public Tensor index(params TensorIndex[] indices)
        {
            var view = View(indices, out var tensors);
            return tensors is null ? view : Replaced(view, Op.index.Call(view, tensors));
        }

        /// <summary>Advanced indexing: one index tensor (or null for all) per leading dimension.</summary>
        public Tensor index(params Tensor[] indices) => Op.index.Call(this, indices);

        /// <summary>Writes the value, broadcast, at the places named; with <paramref name="accumulate"/> adds it.</summary>
        public Tensor index_put_(Tensor value, TensorIndex[] indices, bool accumulate = false)
        {
            using var view = View(indices, out var tensors);
            if (tensors is not null) Op.index_put_.InPlace(view, tensors, value, accumulate);
            else if (accumulate) view.add_(value);
            else view.copy_(value);
            return this;
        }

        public Tensor index_put_(Tensor value, params TensorIndex[] indices) => index_put_(value, indices, false);
        public Tensor index_put_(Tensor value, Tensor[] indices, bool accumulate = false) => Op.index_put_.InPlace(this, indices, value, accumulate);
        public Tensor index_put_(Tensor value, params Tensor[] indices) => index_put_(value, indices, false);

        public Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            using var filled = full([], value, dtype, device);
            return index_put_(filled, indices, false);
        }

        public Tensor index_put_(Scalar value, params Tensor[] indices)
        {
            using var filled = full([], value, dtype, device);
            return index_put_(filled, indices, false);
        }

        /// <summary>Numbers, slices and new axes as one view; the tensors among the indices per dimension of it, null without any.</summary>
        Tensor View(TensorIndex[] indices, out Tensor?[]? tensors)
        {
            long named = indices.Sum(i => i.kind switch
            {
                TensorIndex.Kind.Single or TensorIndex.Kind.Slice => 1,
                TensorIndex.Kind.Tensor => i.tensor!.dtype is ScalarType.Bool or ScalarType.Byte ? Math.Max(i.tensor.ndim, 0) : 1,
                _ => 0,
            });
            if (named > ndim) throw new ArgumentException($"too many indices: {named} for a tensor with {ndim} dimensions");
            var view = alias();
            var found = new List<Tensor?>();
            long dim = 0, all = ndim;
            foreach (var index in indices)
            {
                switch (index.kind)
                {
                    case TensorIndex.Kind.Single:
                        view = Replaced(view, view.select(dim, index.start!.Value));
                        break;
                    case TensorIndex.Kind.Slice:
                        if (index.start is not null || index.stop is not null || index.step is not null)
                            view = Replaced(view, Op.slice.Call(view, dim, index.start, index.stop, index.step ?? 1));
                        dim++;
                        break;
                    case TensorIndex.Kind.Ellipsis:
                        dim += all - named;
                        break;
                    case TensorIndex.Kind.None or TensorIndex.Kind.Null:
                        view = Replaced(view, view.unsqueeze(dim++));
                        break;
                    case TensorIndex.Kind.Bool:
                        view = Replaced(view, view.unsqueeze(dim));
                        Place(found, dim++, index.start != 0 ? tensor(new[] { 0L }, device: view.device) : empty(0, int64, view.device));
                        break;
                    case TensorIndex.Kind.Tensor:
                        Place(found, dim, index.tensor!);
                        // A mask stands for as many dimensions as it has; a single entry in the list does for all of them.
                        dim += index.tensor!.dtype is ScalarType.Bool or ScalarType.Byte ? index.tensor.ndim : 1;
                        break;
                }
            }
            tensors = found.Count == 0 ? null : [.. found];
            return view;
        }

        /// <summary>Puts the tensor where the list, read as libtorch does (a mask of n dimensions takes n), reaches dimension <paramref name="dim"/>.</summary>
        static void Place(List<Tensor?> list, long dim, Tensor tensor)
        {
            long reached = list.Sum(t => t is null ? 1 : t.dtype is ScalarType.Bool or ScalarType.Byte ? t.ndim : 1);
            for (; reached < dim; reached++) list.Add(null);
            list.Add(tensor);
        }

        static Tensor Replaced(Tensor before, Tensor after)
        {
            before.Dispose();
            return after;
        }

        public Tensor index_select(long dim, Tensor index) => Op.index_select.Call(this, dim, index);
        public Tensor index_add(long dim, Tensor index, Tensor source, Scalar alpha) => Op.index_add.Call(this, dim, index, source, alpha);
        public Tensor index_add_(long dim, Tensor index, Tensor source, Scalar alpha) => Op.index_add_.InPlace(this, dim, index, source, alpha);
        public Tensor index_copy(long dim, Tensor index, Tensor source) => Op.index_copy.Call(this, dim, index, source);
        public Tensor index_copy_(long dim, Tensor index, Tensor source) => Op.index_copy_.InPlace(this, dim, index, source);
        public Tensor index_fill(long dim, Tensor index, Scalar value) => Op.index_fill.Call(this, dim, index, value);
        public Tensor index_fill_(long dim, Tensor index, Scalar value) => Op.index_fill_.InPlace(this, dim, index, value);

        public Tensor gather(long dim, Tensor index) => Op.gather.Call(this, dim, index);
        public Tensor scatter(long dim, Tensor index, Tensor src) => Op.scatter.Call(this, dim, index, src);
        public Tensor scatter_(long dim, Tensor index, Tensor src) => Op.scatter_.InPlace(this, dim, index, src);
        public Tensor scatter_add(long dim, Tensor index, Tensor src) => Op.scatter_add.Call(this, dim, index, src);
        public Tensor scatter_add_(long dim, Tensor index, Tensor src) => Op.scatter_add_.InPlace(this, dim, index, src);
        public Tensor take(Tensor index) => Op.take.Call(this, index);
        public Tensor take_along_dim(Tensor indices, long dim) => Op.take_along_dim.Call(this, indices, dim);

        public Tensor masked_fill(Tensor mask, Scalar value) => Op.masked_fill.Call(this, mask, value);
        public Tensor masked_fill_(Tensor mask, Scalar value) => Op.masked_fill_.InPlace(this, mask, value);
        public Tensor masked_scatter(Tensor mask, Tensor value) => Op.masked_scatter.Call(this, mask, value);
        public Tensor masked_scatter_(Tensor mask, Tensor value) => Op.masked_scatter_.InPlace(this, mask, value);
        public Tensor masked_select(Tensor mask) => Op.masked_select.Call(this, mask);
        public Tensor nonzero() => Op.nonzero.Call(this);
        /// <summary>This tensor's elements where the condition holds, y's elsewhere.</summary>
        public Tensor where(Tensor condition, Tensor y) => Op.where.Call(condition, this, y);
    }
}
